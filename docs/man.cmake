# Make every man page below OUT. Run as a script:
#   cmake -D DESCRIBE=… -D SCDOC=… -D IN=… -D OUT=… -P man.cmake
file(REMOVE_RECURSE "${OUT}")
file(MAKE_DIRECTORY "${OUT}/man1" "${OUT}/man5" "${OUT}/scd")
execute_process(COMMAND "${DESCRIBE}" man "${IN}" "${OUT}/scd"
  COMMAND_ERROR_IS_FATAL ANY)
# The date in a page is that of the sources, where those who build say it.
file(GLOB pages "${OUT}/scd/*.scd")
foreach(page IN LISTS pages)
  get_filename_component(name "${page}" NAME_WLE)
  string(REGEX MATCH "[0-9]$" section "${name}")
  execute_process(COMMAND "${SCDOC}" INPUT_FILE "${page}"
    OUTPUT_FILE "${OUT}/man${section}/${name}" COMMAND_ERROR_IS_FATAL ANY)
  # As every package wants them; -n: the same bytes each time.
  execute_process(COMMAND gzip -9nf "${OUT}/man${section}/${name}"
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(WRITE "${OUT}/made" "")
