# coldsync_embed(TARGET FILE…) - compile files into a target as they are:
# "report.css" becomes the array embedded_report_css, which src/cli/embedded.h
# declares. Also the script that does it: cmake -D FILE=… -D OUT=… -P embed.cmake
if(CMAKE_SCRIPT_MODE_FILE)
  get_filename_component(name "${FILE}" NAME)
  string(MAKE_C_IDENTIFIER "${name}" name)
  file(READ "${FILE}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REPEAT "0x..," 12 line)
  string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
  file(WRITE "${OUT}"
    "#include \"cli/embedded.h\"\n\n"
    "const unsigned char embedded_${name}[] = {\n${bytes}0};\n")
  return()
endif()

function(coldsync_embed target)
  foreach(file IN LISTS ARGN)
    get_filename_component(name "${file}" NAME)
    string(MAKE_C_IDENTIFIER "${name}" id)
    set(out "${CMAKE_CURRENT_BINARY_DIR}/embedded/${id}.c")
    add_custom_command(OUTPUT "${out}"
      COMMAND ${CMAKE_COMMAND} -D "FILE=${CMAKE_CURRENT_SOURCE_DIR}/${file}"
        -D "OUT=${out}" -P "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
      DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}"
        "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
      VERBATIM)
    target_sources(${target} PRIVATE "${out}")
  endforeach()
endfunction()
