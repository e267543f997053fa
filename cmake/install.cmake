# What is installed, and the packages made of it. On Windows everything lies in
# one folder; elsewhere where the system keeps such things.
include(GNUInstallDirs)

if(WIN32)
  set(doc_dir docs)
  set(data_dir .)
else()
  set(doc_dir "${CMAKE_INSTALL_DOCDIR}")
  set(data_dir "${CMAKE_INSTALL_DATADIR}/coldsync")
endif()

if(WIN32)
  install(TARGETS coldsync coldsyncw RUNTIME DESTINATION .)
  install(FILES LICENSE DESTINATION . RENAME LICENSE.txt)
else()
  install(TARGETS coldsync RUNTIME)
  install(FILES src/cli/assets/completion.bash RENAME coldsync
    DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
  install(FILES src/cli/assets/completion.zsh RENAME _coldsync
    DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
  install(FILES src/cli/assets/completion.fish RENAME coldsync.fish
    DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
  install(FILES LICENSE DESTINATION "${doc_dir}" RENAME copyright)
endif()

file(GLOB templates "${PROJECT_SOURCE_DIR}/config-templates/*.ini")
install(FILES ${templates} DESTINATION "${data_dir}/config-templates")
install(DIRECTORY scripts/scheduler DESTINATION "${data_dir}"
  USE_SOURCE_PERMISSIONS)
file(GLOB guides "${PROJECT_SOURCE_DIR}/docs/*.md")
install(FILES ${guides} DESTINATION "${doc_dir}")
install(FILES CHANGELOG.md DESTINATION "${doc_dir}")
if(TARGET man)
  install(DIRECTORY "${PROJECT_BINARY_DIR}/docs/man/man1"
    "${PROJECT_BINARY_DIR}/docs/man/man5"
    DESTINATION "${CMAKE_INSTALL_MANDIR}")
endif()

# ---- packages: cpack -G DEB, TGZ, ZIP, NSIS ----

set(CPACK_PACKAGE_NAME coldsync)
set(CPACK_PACKAGE_VENDOR "the coldsync authors")
set(CPACK_PACKAGE_CONTACT "the coldsync authors <maintainers@coldsync.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
  "hand an application's state from one machine to the next")
set(CPACK_PACKAGE_DESCRIPTION
"coldsync mirrors an application's folder with a cloud-synced folder while the
application is not running. It compares both with what it remembers of the last
sync, shows a conflict instead of guessing, and keeps a snapshot of every byte
it replaces or deletes. It never talks to a cloud service and never reads
credentials.")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGE_EXECUTABLES)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_THREADS 0)
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
  WORLD_READ WORLD_EXECUTE)
string(TOLOWER "${CMAKE_SYSTEM_NAME}" system)
if(APPLE)
  set(system macos)
endif()
set(CPACK_PACKAGE_FILE_NAME
  "coldsync-${PROJECT_VERSION}-${system}-${CMAKE_SYSTEM_PROCESSOR}")

if(WIN32)
  set(CPACK_GENERATOR ZIP)
elseif(APPLE)
  set(CPACK_GENERATOR TGZ)
else()
  set(CPACK_GENERATOR DEB TGZ)
endif()

# Debian: what lintian wants to find, and nothing else.
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
if(CMAKE_SYSTEM_NAME STREQUAL Linux AND NOT CMAKE_CROSSCOMPILING)
  find_program(GZIP gzip)
  mark_as_advanced(GZIP)
endif()
if(GZIP)
  set(changelog "${PROJECT_BINARY_DIR}/changelog.gz")
  add_custom_command(OUTPUT "${changelog}"
    COMMAND "${CMAKE_COMMAND}" -E copy
      "${PROJECT_SOURCE_DIR}/packaging/debian/changelog"
      "${PROJECT_BINARY_DIR}/changelog"
    COMMAND "${GZIP}" -9nf "${PROJECT_BINARY_DIR}/changelog"
    DEPENDS packaging/debian/changelog VERBATIM)
  add_custom_target(debian_changelog ALL DEPENDS "${changelog}")
  install(FILES "${changelog}" DESTINATION "${doc_dir}")
endif()

# Windows: for one user or all, with the command line in mind.
set(CPACK_NSIS_PACKAGE_NAME coldsync)
set(CPACK_NSIS_DISPLAY_NAME coldsync)
set(CPACK_NSIS_MODIFY_PATH ON)
set(CPACK_NSIS_ENABLE_UNINSTALL_BEFORE_INSTALL ON)
set(CPACK_NSIS_COMPRESSOR "/SOLID lzma")
set(CPACK_NSIS_DEFINES "Unicode true\nTarget amd64-unicode")
set(CPACK_NSIS_INSTALL_ROOT "$PROGRAMFILES64")
set(CPACK_PACKAGE_INSTALL_DIRECTORY coldsync)
include(CPack)
