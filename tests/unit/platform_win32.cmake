# What only Windows has: included by platform.cmake there.
foreach(name win32_meta win32_text)
  unit_test(${name} LIBRARIES coldsync_platform)
endforeach()
foreach(name plat_win32 plat_win32_ask plat_win32_busy plat_win32_proc)
  unit_test(${name}
    FILES ../tests/support/role.c ../tests/support/tempdir.c
    LIBRARIES coldsync_platform)
endforeach()

# Two that show windows, or press what is on them, do not take turns well.
set_tests_properties(unit/plat_win32_ask unit/plat_win32_proc PROPERTIES
  RESOURCE_LOCK desktop)
