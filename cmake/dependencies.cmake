# What we stand on, as imported targets: coldsync::zlib, coldsync::xxhash,
# coldsync::utf8proc and, where it exists, coldsync::inih.
find_package(Threads REQUIRED)

# coldsync_library(NAME HEADER LIBRARY) - a library without a CMake package.
function(coldsync_library name header library)
  find_path(${name}_INCLUDE_DIR ${header})
  find_library(${name}_LIBRARY NAMES ${library})
  mark_as_advanced(${name}_INCLUDE_DIR ${name}_LIBRARY)
  if(${name}_INCLUDE_DIR AND ${name}_LIBRARY)
    add_library(coldsync::${name} UNKNOWN IMPORTED)
    set_target_properties(coldsync::${name} PROPERTIES
      IMPORTED_LOCATION "${${name}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${${name}_INCLUDE_DIR}")
  endif()
endfunction()

coldsync_library(xxhash xxhash.h xxhash)
coldsync_library(utf8proc utf8proc.h utf8proc)
coldsync_library(inih ini.h inih)
coldsync_library(zlib zlib.h "z;zlib")

foreach(needed xxhash utf8proc zlib)
  if(NOT TARGET coldsync::${needed})
    message(FATAL_ERROR
      "${needed} was not found. scripts/quickstart installs what is missing; "
      "README.md lists the packages by name.")
  endif()
endforeach()

# inih has no static Windows or macOS package everywhere; our own reader of
# the same dialect then stands in (config/config_ini.h).
option(COLDSYNC_OWN_INI "Read INI files with our own reader, not inih" OFF)
if(NOT TARGET coldsync::inih AND NOT COLDSYNC_OWN_INI)
  message(STATUS "inih was not found: using our own INI reader")
  set(COLDSYNC_OWN_INI ON)
endif()

if(COLDSYNC_STATIC)
  set_property(TARGET coldsync::utf8proc APPEND PROPERTY
    INTERFACE_COMPILE_DEFINITIONS UTF8PROC_STATIC)
endif()
