set(config_ini_files config/config_ini_own.c config/config_lines.c)
set(config_ini_choice COLDSYNC_OWN_INI)
set(config_ini_library)
set(config_ini_defines)
if(TARGET coldsync::inih)
  list(APPEND config_ini_files config/config_ini_inih.c)
  set(config_ini_choice)
  set(config_ini_library coldsync::inih)
  set(config_ini_defines WITH_INIH)
endif()
unit_test(config_ini
  FILES ${config_ini_files} base/mem.c base/str.c
  LIBRARIES ${config_ini_library}
  DEFINES ${config_ini_defines})

unit_test(pattern
  FILES
    model/filter/pattern_compile.c model/filter/pattern_find.c base/mem.c
    base/num.c base/str.c base/utf8.c)

unit_test(config_keys FILES config/config_keys.c LIBRARIES coldsync_base)

# Which system they are on is the tests' to say (config_world.h).
set(config_world
  plat_expands_percent=test_expands_percent plat_config_home=test_config_home
  plat_getenv=test_getenv plat_home=test_home plat_host_name=test_host_name
  plat_is_absolute=test_is_absolute plat_os=test_os
  plat_state_home=test_state_home)
set(config_value_files
  config/config_complaints.c config/config_keys.c config/config_list.c
  config/config_path.c config/config_value.c config/config_value_list.c
  ../tests/unit/config_show.c ../tests/unit/config_world.c)
unit_test(config_value
  FILES ${config_value_files}
  LIBRARIES coldsync_platform coldsync_model
  DEFINES ${config_world})

set(config_files
  config/config.c config/config_check.c config/config_find.c
  config/config_given.c config/config_overlap.c ${config_ini_files}
  ${config_value_files} ../tests/unit/config_scene.c ../tests/unit/scratch.c)
foreach(name
    config config_check config_find config_mistakes config_overlap)
  unit_test(${name}
  FILES ${config_files}
    LIBRARIES coldsync_platform coldsync_model ${config_ini_library}
    DEFINES ${config_world} ${config_ini_choice}
      "TEMPLATES=\"${PROJECT_SOURCE_DIR}/config-templates\"")
endforeach()

# What 'init' works from: the real templates, and homes that are only described.
unit_test(template
  FILES config/template.c
  LIBRARIES coldsync_config)
unit_test(detect
  FILES
    config/detect.c config/detect_cloud.c config/home.c
    ../tests/unit/home_scene.c
  LIBRARIES coldsync_config
  DEFINES "HOMES=\"${PROJECT_SOURCE_DIR}/tests/fixtures/homes\"")
