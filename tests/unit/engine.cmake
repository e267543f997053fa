# What the tests of archives read them back with; without it they skip.
find_program(PYTHON_PROGRAM python3)
find_program(UNZIP_PROGRAM unzip)
mark_as_advanced(PYTHON_PROGRAM UNZIP_PROGRAM)
set(zip_readers)
if(PYTHON_PROGRAM AND NOT CMAKE_CROSSCOMPILING)
  list(APPEND zip_readers "PYTHON=\"${PYTHON_PROGRAM}\""
    "READ_ZIP=\"${CMAKE_CURRENT_SOURCE_DIR}/read_zip.py\"")
endif()
if(UNZIP_PROGRAM AND NOT CMAKE_CROSSCOMPILING)
  list(APPEND zip_readers "UNZIP=\"${UNZIP_PROGRAM}\"")
endif()
set(scratch ../tests/unit/scratch.c)

unit_test(run_id
  FILES engine/profile/run_id.c
  LIBRARIES coldsync_platform
  DEFINES plat_random=test_random)

# Here and below, DEFINES puts calls of the test's own in the place of the
# platform's, to make them fail.
unit_test(zipfile
  FILES ${zip_writing} ${scratch}
  LIBRARIES coldsync_platform coldsync::zlib
  DEFINES ${zip_readers} plat_write=test_write
    plat_read_at=test_read_at)

unit_test(ziphand
  FILES
    ${zip_writing} store/zip/ziphand.c store/zip/zipread.c
    store/zip/zipstream.c ${scratch}
  LIBRARIES coldsync_platform coldsync::zlib
  DEFINES ${zip_readers})

unit_test(log_name FILES engine/log/log_name.c LIBRARIES coldsync_base)
unit_test(log_record FILES engine/log/log_record.c LIBRARIES coldsync_base)

set(log_files
  engine/log/log.c engine/log/log_files.c engine/log/log_keep.c
  engine/log/log_name.c engine/log/log_record.c engine/log/log_writer.c
  ${zip_writing} ${scratch})
set(log_libraries coldsync_platform coldsync::zlib)
set(log_scene ../tests/unit/log_scene.c)
unit_test(log FILES ${log_files} ${log_scene} LIBRARIES ${log_libraries})
unit_test(log_trouble
  FILES ${log_files} ${log_scene} LIBRARIES ${log_libraries})
unit_test(log_processes
  FILES ${log_files} LIBRARIES ${log_libraries} DEFINES ${zip_readers})

# … or to let another process act at the worst moment.
unit_test(log_keep
  FILES ${log_files} LIBRARIES ${log_libraries}
  DEFINES ${zip_readers} plat_write=test_write plat_unlink=test_unlink
    plat_move=test_move plat_lock=test_lock plat_dir_sync=test_dir_sync)

# … or to be a file system that cannot be had here.
unit_test(displace_trade
  FILES engine/write/displace_trade.c LIBRARIES coldsync_platform
  DEFINES plat_move=test_move plat_link=test_link plat_stat=test_stat
    plat_unlink=test_unlink plat_replace=test_replace)

unit_test(schedule_text
  FILES
    engine/schedule/schedule_seal.c engine/schedule/schedule_text.c engine/schedule/schedule_unit.c
    engine/schedule/schedule_xml.c
  LIBRARIES coldsync_base)
unit_test(restore_twins LIBRARIES coldsync_engine)
unit_test(watch FILES ${scratch} LIBRARIES coldsync_engine)
