# One interface target carries what every file of ours is compiled with.
add_library(coldsync_flags INTERFACE)
target_include_directories(coldsync_flags INTERFACE "${PROJECT_SOURCE_DIR}/src")

set(banned "${PROJECT_SOURCE_DIR}/src/base/banned.h")
if(MSVC)
  target_compile_options(coldsync_flags INTERFACE
    /W4 /permissive- /utf-8 "/FI${banned}" $<$<BOOL:${COLDSYNC_WERROR}>:/WX>)
  target_compile_definitions(coldsync_flags INTERFACE _CRT_SECURE_NO_WARNINGS)
else()
  target_compile_options(coldsync_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
    -Wmissing-prototypes -Wvla -Wformat=2 -Wwrite-strings
    -fno-common -include "${banned}"
    $<$<BOOL:${COLDSYNC_WERROR}>:-Werror>)
endif()

if(WIN32)
  target_compile_definitions(coldsync_flags INTERFACE
    UNICODE _UNICODE WIN32_LEAN_AND_MEAN NOMINMAX _WIN32_WINNT=0x0A00
    __USE_MINGW_ANSI_STDIO=1
    # Its headers call what banned.h takes away, inline, once it optimises.
    __CRT__NO_INLINE=1)
elseif(APPLE)
  target_compile_definitions(coldsync_flags INTERFACE _DARWIN_C_SOURCE)
else()
  target_compile_definitions(coldsync_flags INTERFACE
    _GNU_SOURCE _FILE_OFFSET_BITS=64)
endif()
