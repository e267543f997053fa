# What showing text takes, below every module that prints.
set(cli_text_files
  base/err.c base/mem.c base/str.c base/strlist.c base/text.c
  base/unicode.c base/utf8.c)

unit_test(cli_say
  FILES cli/cli_say.c cli/exitcode.c cli/out_text.c ${cli_text_files}
  LIBRARIES coldsync::utf8proc)
unit_test(exitcode FILES cli/exitcode.c)
unit_test(opt
  FILES cli/opt.c cli/opt_usage.c cli/wrap.c base/num.c ${cli_text_files}
  LIBRARIES coldsync::utf8proc)
unit_test(out_json
  FILES cli/exitcode.c cli/out_json.c base/json.c base/num.c
    ${cli_text_files}
  LIBRARIES coldsync::utf8proc)
unit_test(out_text
  FILES cli/out_table.c cli/out_text.c ${cli_text_files}
  LIBRARIES coldsync::utf8proc)
unit_test(differ
  FILES cli/differ.c cli/out_text.c base/hash.c ${cli_text_files}
  LIBRARIES coldsync::utf8proc coldsync::xxhash)
unit_test(progress FILES cli/progress.c base/num.c ${cli_text_files}
  LIBRARIES coldsync::utf8proc)

# Plans made by hand, and what is said about them.
set(cli_plan_files
  cli/exitcode.c cli/plan_view.c engine/totals.c
  ../tests/unit/plan_scene.c)
unit_test(out_plan
  FILES cli/out_plan.c cli/out_sentence.c cli/out_table.c cli/out_text.c
    cli/out_trouble.c base/num.c base/stamp.c ${cli_plan_files}
    ${cli_text_files}
  LIBRARIES coldsync::utf8proc)
unit_test(json_plan
  FILES cli/json_plan.c cli/words.c model/plan_words.c base/hash.c base/json.c base/num.c
    base/stamp.c ${cli_plan_files} ${cli_text_files}
  LIBRARIES coldsync::utf8proc coldsync::xxhash)
# An engine of the test's own, and what is said about how it ended.
unit_test(sync_judge
  FILES cli/application.c cli/ask.c cli/cli_say.c cli/json_plan.c cli/out_plan.c cli/out_sentence.c
    cli/out_table.c cli/out_text.c cli/out_trouble.c cli/plan_view_sync.c
    cli/patience.c cli/progress.c cli/sync.c cli/sync_run.c cli/words.c model/plan_words.c base/hash.c base/json.c base/num.c
    base/stamp.c ${cli_plan_files} ${cli_text_files}
  LIBRARIES coldsync::utf8proc coldsync::xxhash)
plan_test(plan_view ${world_files}
  plan_scene.c "${PROJECT_SOURCE_DIR}/src/cli/exitcode.c"
  "${PROJECT_SOURCE_DIR}/src/cli/plan_view.c"
  "${PROJECT_SOURCE_DIR}/src/engine/totals.c"
  "${PROJECT_SOURCE_DIR}/src/cli/plan_view_sync.c")

unit_test(wrap FILES cli/wrap.c ${cli_text_files}
  LIBRARIES coldsync::utf8proc)

# Writing and renaming are made to fail by calls of the test's own.
unit_test(pause
  FILES engine/pause.c ../tests/unit/scratch.c
  LIBRARIES coldsync_platform
  DEFINES plat_move=test_move plat_write=test_write)
