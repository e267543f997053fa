# The rules one can check by reading the sources. Run as a script:
#   cmake -D SOURCE_DIR=… -P check-layers.cmake
# It names every file and line that breaks a rule, then fails.
#
# 1. A file includes only from the layers its own may use.
# 2. Only src/platform asks which system it is on.
# 3. A third-party header has exactly one including file.
# 4. A header's guard is its path.

cmake_minimum_required(VERSION 3.25)

set(may_base base)
set(may_model base model)
set(may_platform base platform)
set(may_store base model platform store)
set(may_config base model platform config)
set(may_engine base model platform store config engine)
set(may_cli base model platform config engine cli)
set(may_main cli platform)

set(third_party archive.h archive_entry.h ini.h utf8proc.h xxhash.h
  zlib.h)
# The two halves of one library count as one header.
set(same_library_archive_entry.h archive.h)

set(os_macros "_WIN32|_WIN64|WIN32|__APPLE__|__linux__|__unix__|__FreeBSD__")

set(faults "")
macro(fault file line text)
  list(APPEND faults "${file}:${line}: ${text}")
endmacro()

function(check_include file layer line header)
  if(NOT header MATCHES "^([a-z]+)/")
    fault("${file}" ${line} "\"${header}\" is not written from src/")
  elseif(NOT CMAKE_MATCH_1 IN_LIST may_${layer})
    fault("${file}" ${line} "${layer} may not include ${CMAKE_MATCH_1}")
  endif()
  set(faults "${faults}" PARENT_SCOPE)
endfunction()

function(check_third_party file line header)
  if(header IN_LIST third_party)
    if(DEFINED same_library_${header})
      set(header ${same_library_${header}})
    endif()
    get_property(owner GLOBAL PROPERTY "owner_${header}")
    if(NOT owner)
      set_property(GLOBAL PROPERTY "owner_${header}" "${file}")
    elseif(NOT owner STREQUAL file)
      fault("${file}" ${line} "${header} is included by ${owner} already")
    endif()
  endif()
  set(faults "${faults}" PARENT_SCOPE)
endfunction()

function(check_guard file text)
  string(TOUPPER "${file}" guard)
  string(REGEX REPLACE "[^A-Z0-9]" "_" guard "${guard}")
  if(NOT text MATCHES "#ifndef ${guard}\n#define ${guard}\n")
    fault("${file}" 1 "the include guard is not ${guard}")
  endif()
  set(faults "${faults}" PARENT_SCOPE)
endfunction()

function(check_file file layer)
  file(READ "${SOURCE_DIR}/src/${file}" text)
  if(file MATCHES "\\.h$")
    check_guard("${file}" "${text}")
  endif()
  # A list splits at ';' and joins at '[': hide both, then split at newlines.
  string(REGEX REPLACE "[][;]" " " text "${text}")
  string(REPLACE "\\\n" " \n" text "${text}")
  string(REPLACE "\n" ";" lines "${text}")
  set(number 0)
  foreach(line IN LISTS lines)
    math(EXPR number "${number} + 1")
    if(line MATCHES "^#[ \t]*include[ \t]+\"([^\"]+)\"")
      check_include("${file}" ${layer} ${number} "${CMAKE_MATCH_1}")
    elseif(line MATCHES "^#[ \t]*include[ \t]+<([^>]+)>")
      check_third_party("${file}" ${number} "${CMAKE_MATCH_1}")
    endif()
    if(NOT layer STREQUAL "platform"
        AND line MATCHES "^#.*(^|[^A-Za-z0-9_])(${os_macros})([^A-Za-z0-9_]|$)")
      fault("${file}" ${number} "only src/platform asks for ${CMAKE_MATCH_2}")
    endif()
  endforeach()
  set(faults "${faults}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files RELATIVE "${SOURCE_DIR}/src" "${SOURCE_DIR}/src/*.[ch]")
list(SORT files)
foreach(file IN LISTS files)
  if(file MATCHES "^([a-z]+)/")
    set(layer "${CMAKE_MATCH_1}")
  else()
    set(layer main)
  endif()
  if(DEFINED may_${layer})
    check_file("${file}" ${layer})
  else()
    fault("${file}" 1 "${layer} is no layer of ours")
  endif()
endforeach()

foreach(fault IN LISTS faults)
  message("src/${fault}")
endforeach()
list(LENGTH files count)
list(LENGTH faults broken)
if(count EQUAL 0)
  message(FATAL_ERROR "no sources below ${SOURCE_DIR}/src")
elseif(broken GREATER 0)
  message(FATAL_ERROR "${broken} rule(s) broken")
endif()
message(STATUS "${count} files keep to their layers")
