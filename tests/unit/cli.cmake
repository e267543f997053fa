# What showing text takes, below every module that prints.
set(cli_text_files
  base/err.c base/mem.c base/str.c base/strlist.c base/text.c base/unicode.c
  base/utf8.c)
# The same, with somewhere to show it.
set(cli_screen_files
  cli/out/out_text.c cli/out/wrap.c ../tests/support/screen.c
  ${cli_text_files})

unit_test(cli_say
  FILES cli/cli_say.c cli/exitcode.c ${cli_screen_files}
  LIBRARIES coldsync::utf8proc)
unit_test(exitcode FILES cli/exitcode.c)
unit_test(opt
  FILES cli/opt.c cli/opt_usage.c cli/out/wrap.c base/num.c ${cli_text_files}
  LIBRARIES coldsync::utf8proc)
unit_test(out_json
  FILES
    cli/exitcode.c cli/out/out_json.c base/json.c base/num.c ${cli_text_files}
  LIBRARIES coldsync::utf8proc)
unit_test(out_text
  FILES
    cli/out/out_table.c cli/out/out_text.c cli/out/wrap.c ${cli_text_files}
  LIBRARIES coldsync::utf8proc)
unit_test(differ
  FILES cli/resolve/differ.c base/hash.c ${cli_screen_files}
  LIBRARIES coldsync::utf8proc coldsync::xxhash)
unit_test(progress FILES cli/out/progress.c base/num.c ${cli_text_files}
  LIBRARIES coldsync::utf8proc)

# Plans made by hand, and what is said about them.
set(cli_plan_files
  cli/exitcode.c cli/out/plan_view.c engine/write/totals.c
  model/plan/plan_weight.c ../tests/unit/plan_scene.c)
unit_test(out_plan
  FILES
    cli/out/out_plan.c cli/out/out_sentence.c cli/out/out_table.c
    cli/out/out_trouble.c base/num.c base/stamp.c ${cli_plan_files}
    ${cli_screen_files}
  LIBRARIES coldsync::utf8proc)
unit_test(json_plan
  FILES
    cli/out/json_plan.c engine/write/totals_json.c cli/out/words.c
    model/plan/plan_words.c base/hash.c base/json.c base/num.c base/stamp.c
    ${cli_plan_files} ${cli_text_files}
  LIBRARIES coldsync::utf8proc coldsync::xxhash)
# An engine of the test's own, and what is said about how it ended.
unit_test(sync_judge
  FILES
    cli/cmd/application.c cli/ask.c cli/cli_say.c cli/out/json_plan.c
    engine/write/totals_json.c cli/out/out_plan.c cli/out/out_sentence.c
    cli/out/out_table.c cli/out/out_trouble.c cli/out/plan_view_sync.c
    cli/cmd/patience.c cli/out/progress.c cli/cmd/sync.c cli/cmd/sync_run.c
    cli/out/words.c model/plan/plan_words.c base/hash.c base/json.c base/num.c
    base/stamp.c ${cli_plan_files} ${cli_screen_files}
  LIBRARIES coldsync::utf8proc coldsync::xxhash)
plan_test(plan_view
  ../tests/unit/plan_scene.c cli/exitcode.c cli/out/plan_view.c
  cli/out/plan_view_sync.c engine/write/totals.c model/plan/plan_weight.c)

unit_test(wrap FILES cli/out/wrap.c ${cli_text_files}
  LIBRARIES coldsync::utf8proc)

# Writing and renaming are made to fail by calls of the test's own.
unit_test(pause
  FILES engine/profile/pause.c ../tests/unit/scratch.c
  LIBRARIES coldsync_platform
  DEFINES plat_move=test_move plat_write=test_write)
