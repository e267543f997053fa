# macOS (macos_arch) from Debian: zig cc and the libraries of scripts/cross
# macos. What comes out is compiled and linked, and can not be run here.
include("${CMAKE_CURRENT_LIST_DIR}/cross-root.cmake")
cross_sysroot("macos-${macos_arch}")

set(CMAKE_SYSTEM_NAME Darwin)
set(CMAKE_SYSTEM_PROCESSOR "${macos_arch}")
set(CMAKE_C_COMPILER "${COLDSYNC_SYSROOT}/bin/cc")
set(CMAKE_AR "${COLDSYNC_SYSROOT}/bin/ar" CACHE FILEPATH "Archiver")
set(CMAKE_RANLIB "${COLDSYNC_SYSROOT}/bin/ranlib" CACHE FILEPATH "Indexer")
# There is no Xcode to ask, and nothing to install.
set(CMAKE_INSTALL_NAME_TOOL /bin/true CACHE FILEPATH "Unused")
set(CMAKE_OSX_SYSROOT "" CACHE STRING "The compiler brings its own")
set(CMAKE_OSX_ARCHITECTURES "" CACHE STRING "The compiler knows")
set(CMAKE_OSX_DEPLOYMENT_TARGET "" CACHE STRING "The compiler knows")

set(COLDSYNC_STATIC ON CACHE BOOL "Libraries are linked statically")
# As a system's own: our warnings are not for other people's headers.
set(CMAKE_C_STANDARD_INCLUDE_DIRECTORIES "${COLDSYNC_SYSROOT}/include")
set(CMAKE_FIND_ROOT_PATH "${COLDSYNC_SYSROOT}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
