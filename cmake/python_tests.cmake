# Tests in Python that run the program on Linux: with other processes, file
# systems and tools around it than one system's test would find on another.

# Ends the CMakeLists.txt that says so where they cannot be run.
macro(python_tests_on_linux what)
  find_package(Python3 COMPONENTS Interpreter)
  if(NOT Python3_FOUND OR CMAKE_CROSSCOMPILING
      OR NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
    message(STATUS "No Python 3, or not running on Linux: no ${what}")
    return()
  endif()
endmacro()

# A script in this directory and its arguments; it skips itself by exit code 77.
function(python_test name)
  add_test(NAME ${name}
    COMMAND Python3::Interpreter -B ${ARGN}
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES
    ENVIRONMENT "COLDSYNC=$<TARGET_FILE:coldsync>"
    SKIP_RETURN_CODE 77
    TIMEOUT 600)
endfunction()
