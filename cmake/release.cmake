# Flags of what users run: hardened where the compiler can, and the same bytes
# wherever the sources lie.
option(COLDSYNC_RELEASE "Hardened, reproducible flags" OFF)
if(NOT COLDSYNC_RELEASE OR MSVC)
  return()
endif()

include(CheckCCompilerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(flags "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=."
  "-ffile-prefix-map=${PROJECT_BINARY_DIR}=build")
if(NOT WIN32) # mingw would want a library of its own for it
  list(APPEND flags -fstack-protector-strong)
endif()
if(CMAKE_SYSTEM_NAME STREQUAL Linux
    AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  list(APPEND flags -fcf-protection=full)
endif()
foreach(flag IN LISTS flags)
  string(MAKE_C_IDENTIFIER "has${flag}" has)
  check_c_compiler_flag("${flag}" ${has})
  if(${has})
    add_compile_options("${flag}")
  endif()
endforeach()
add_compile_options(-Wdate-time)
if(CMAKE_SYSTEM_NAME STREQUAL Linux)
  add_compile_options(-fstack-clash-protection
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  add_link_options(-Wl,-z,relro,-z,now)
endif()
