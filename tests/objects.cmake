# test_objects(RESULT FILES LIBRARIES DEFINES) - the objects of files below src/,
# each compiled once for all tests: a layer's own, or, for what no layer has or
# what DEFINES change, those of a library of that world's own.
function(test_objects result files libraries defines)
  string(MD5 world "${defines}")
  set(objects)
  foreach(file IN LISTS files)
    string(REGEX MATCH "^[a-z]+" layer "${file}")
    set(target coldsync_${layer})
    set(in_layer FALSE)
    if(TARGET ${target} AND NOT defines)
      get_target_property(sources ${target} SOURCES)
      if(file IN_LIST sources)
        set(in_layer TRUE)
      endif()
    endif()
    if(NOT in_layer)
      set(target test_world_${world})
      test_world(${target} ${file} "${libraries}" "${defines}")
    endif()
    get_filename_component(object "${file}" NAME)
    string(REPLACE "." "\\." object "${object}")
    list(APPEND objects
      "$<FILTER:$<TARGET_OBJECTS:${target}>,INCLUDE,/${object}\\.o(bj)?$>")
  endforeach()
  set(${result} ${objects} PARENT_SCOPE)
endfunction()

function(test_world target file libraries defines)
  set(path "${PROJECT_SOURCE_DIR}/src/${file}")
  if(NOT TARGET ${target})
    add_library(${target} OBJECT)
    test_flags(${target} "" "${defines}")
  endif()
  get_target_property(sources ${target} SOURCES)
  if(NOT path IN_LIST sources)
    target_sources(${target} PRIVATE "${path}")
    target_link_libraries(${target} PRIVATE ${libraries})
  endif()
endfunction()

# EMULATED: what runs the test is not all that the system promises to be.
function(test_flags target libraries defines)
  target_include_directories(${target} PRIVATE
    "${cmocka_INCLUDE_DIR}" "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(${target} PRIVATE coldsync_flags ${libraries})
  target_compile_definitions(${target} PRIVATE ${defines}
    $<$<BOOL:${CMAKE_CROSSCOMPILING_EMULATOR}>:EMULATED>)
endfunction()
