# Our own files. Calls of the platform are made to fail by faults.c.
set(faults)
foreach(call append close create dir_sync file_chmod file_sync list lock map
    mkdir open random read replace seek truncate unlink write)
  list(APPEND faults plat_${call}=fault_${call})
endforeach()
set(store_support ../tests/support/tempdir.c ../tests/unit/faults.c)

unit_test(afile
  FILES store/afile.c ${store_support}
  LIBRARIES coldsync_platform
  DEFINES ${faults})

set(ledger_files
  store/ledger.c store/ledger_before.c store/ledger_format.c
  store/ledger_head.c store/ledger_writer.c store/afile.c model/agreed.c)
foreach(name ledger ledger_damage)
  unit_test(${name}
  FILES ${ledger_files} ../tests/unit/ledger_scene.c ${store_support}
    LIBRARIES coldsync_platform
    DEFINES ${faults})
endforeach()

set(journal_files
  store/journal.c store/journal_format.c store/journal_read.c store/afile.c
  model/story.c)
foreach(name journal journal_damage)
  unit_test(${name}
  FILES ${journal_files} ../tests/unit/journal_scene.c ${store_support}
    LIBRARIES coldsync_platform
    DEFINES ${faults})
endforeach()
unit_test(marker
  FILES store/marker.c ${store_support}
  LIBRARIES coldsync_platform
  DEFINES ${faults})
set(manifest_files
  store/manifest_read.c store/manifest_write.c model/cloud/claims.c
  model/cloud/handcode.c ../tests/support/says.c)
unit_test(manifest
  FILES ${manifest_files} store/manifest_dir.c ../tests/support/tempdir.c
  LIBRARIES coldsync_platform)
unit_test(heads
  FILES
    ${manifest_files} model/cloud/heads.c model/cloud/publish.c model/tree.c
    model/story.c model/plan/unit.c
  LIBRARIES coldsync_base)
unit_test(handcode FILES model/cloud/handcode.c LIBRARIES coldsync_base)
unit_test(identity
  FILES store/identity.c store/afile.c ${store_support}
  LIBRARIES coldsync_platform
  DEFINES ${faults})
unit_test(lock
  FILES store/lock.c store/afile.c ../tests/support/role.c ${store_support}
  LIBRARIES coldsync_platform
  DEFINES ${faults})

# What the system itself refuses; mounts, so Linux only.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  unit_test(store_trouble
  FILES
    ${ledger_files} store/identity.c store/journal.c store/journal_format.c
    store/journal_read.c store/lock.c store/marker.c model/story.c
    ../tests/support/tempdir.c
    LIBRARIES coldsync_platform)
endif()

# Snapshots also meet a platform that is difficult: difficult.h.
set(difficult)
set(snapshot_faults ${faults})
foreach(call chmod dir_make dir_open dir_sub dir_sync file_stat file_sync
    file_touch move next_data read_at readlink rmdir stat symlink touch volume
    volume_sync)
  list(APPEND difficult plat_${call}=hard_${call})
  list(REMOVE_ITEM snapshot_faults plat_${call}=fault_${call})
endforeach()
set(zip_writing
  store/zip/flate.c store/zip/zipentry.c store/zip/zipfile.c
  store/zip/zipname.c store/zip/zippiece.c)
set(snapshot_files
  model/story.c store/afile.c store/snapshot/snapdigest.c
  store/snapshot/snapdir.c store/snapshot/snapshot.c
  store/snapshot/snapshot_content.c store/snapshot/snapshot_keep.c
  store/snapshot/snapshot_kept.c store/snapshot/snapshot_manifest.c
  store/snapshot/snapshot_pack.c store/snapshot/snapshot_pack_kept.c store/snapshot/snapshot_remove.c
  store/snapshot/snapshot_seal.c ${zip_writing} store/zip/ziphand.c
  store/zip/zipproof.c store/zip/zipread.c store/zip/zipstream.c ../tests/unit/difficult.c ../tests/unit/snapshot_world.c)
foreach(name snapshot snapshot_zip snapshot_crash)
  unit_test(${name}
  FILES ${snapshot_files} ${store_support}
    LIBRARIES coldsync_platform coldsync::zlib
    DEFINES ${snapshot_faults} ${difficult})
endforeach()
set(snapmanifest_files
  store/snapshot/snapid.c store/snapshot/snapmanifest.c
  store/snapshot/snapmanifest_check.c store/snapshot/snapmanifest_entry.c
  store/snapshot/snapmanifest_path.c)
unit_test(snapmanifest
  FILES ${snapmanifest_files}
  LIBRARIES coldsync_platform coldsync_model)
foreach(name snapread snapverify)
  unit_test(${name}
  FILES
    ${snapshot_files} ${snapmanifest_files} store/snapshot/snapread.c
    store/snapshot/snapread_check.c store/snapshot/snapread_content.c
    store/snapshot/snapverify.c ${store_support}
    LIBRARIES coldsync_platform coldsync_model coldsync::zlib
    DEFINES ${snapshot_faults} ${difficult})
endforeach()
unit_test(zipread
  FILES
    ${zip_writing} store/zip/zipread.c store/zip/zipstream.c
    ${store_support}
  LIBRARIES coldsync_platform coldsync::zlib)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  unit_test(snapshot_trouble
  FILES ${snapshot_files} ../tests/support/forked.c ${store_support}
    LIBRARIES coldsync_platform coldsync::zlib
    DEFINES ${snapshot_faults} ${difficult})
endif()
