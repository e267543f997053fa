# Windows from Debian: gcc-mingw-w64, the libraries of scripts/cross mingw, and
# Wine to run what comes out.
include("${CMAKE_CURRENT_LIST_DIR}/cross-root.cmake")
cross_sysroot(mingw)

set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_CROSSCOMPILING_EMULATOR "${CMAKE_CURRENT_LIST_DIR}/wine")

set(COLDSYNC_STATIC ON CACHE BOOL "Libraries are linked statically")
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
# What is always linked, and bcrypt for random numbers.
set(CMAKE_C_STANDARD_LIBRARIES
  "-lbcrypt -lshell32 -lole32 -luuid -luser32 -ladvapi32 -lkernel32"
  CACHE STRING "Libraries linked by default")

# As a system's own: our warnings are not for other people's headers.
set(CMAKE_C_STANDARD_INCLUDE_DIRECTORIES "${COLDSYNC_SYSROOT}/include")
set(CMAKE_FIND_ROOT_PATH "${COLDSYNC_SYSROOT}" /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
