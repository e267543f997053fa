# What every system promises: the same files everywhere.
foreach(name plat_env plat_file plat_fs plat_lock plat_name plat_proc plat_spawn
    plat_watch)
  unit_test(${name}
  FILES ../tests/support/role.c ../tests/support/tempdir.c
    LIBRARIES coldsync_platform)
endforeach()
foreach(name plat_sig plat_thread plat_time)
  unit_test(${name} LIBRARIES coldsync_platform)
endforeach()

unit_test(plat_feed
  FILES ../tests/unit/scratch.c
  LIBRARIES coldsync_platform)

# What they have apart.
if(NOT WIN32)
  foreach(name plat_posix plat_posix_child plat_posix_env plat_posix_proc)
    unit_test(${name}
  FILES
    ../tests/support/forked.c ../tests/support/role.c
    ../tests/support/tempdir.c
      LIBRARIES coldsync_platform)
  endforeach()
endif()
if(NOT WIN32)
  # What asks on macOS needs nothing of macOS but a program of that name.
  unit_test(plat_darwin_ask
    FILES platform/darwin/plat_ask.c ../tests/support/tempdir.c
    LIBRARIES coldsync_platform)
endif()
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  foreach(name plat_linux plat_mounts plat_procfs)
    unit_test(${name}
  FILES
    ../tests/support/forked.c ../tests/support/role.c
    ../tests/support/tempdir.c
      LIBRARIES coldsync_platform)
  endforeach()
endif()
if(WIN32)
  include(platform_win32.cmake)
endif()
