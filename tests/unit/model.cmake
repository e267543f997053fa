# The planner, from the trees up. Whoever plans in a test does it with a world
# (support/world.h).
set(plan_files
  model/agreed.c model/classify.c model/names.c model/pattern_compile.c
  model/pattern_find.c model/plan.c model/plan_ask.c model/plan_both.c
  model/plan_decide.c model/plan_dirs.c model/plan_emit.c model/plan_fit.c model/plan_fold.c
  model/plan_held.c model/plan_moves.c model/plan_names.c model/plan_settle.c
  model/plan_units.c model/plan_whole.c model/plan_write.c model/quirks.c
  model/quirks_copy.c model/quirks_table.c model/tree.c model/unit.c
  base/arena.c base/hash.c base/num.c base/stamp.c base/strlist.c
  base/unicode.c ${glob_files})
set(world_files ../support/world.c ../support/world_plan.c)

function(plan_test name)
  unit_test(${name}
    FILES ${plan_files} LIBRARIES coldsync::xxhash coldsync::utf8proc)
  target_sources(test_${name} PRIVATE ${ARGN})
endfunction()

set(laws_files ${world_files} ../support/replay.c ../support/laws.c)
plan_test(plan_exhaustive ${laws_files})
plan_test(plan_random ${laws_files})


# Rules about names and text; quirks stands on the matcher of names.
unit_test(filter
  FILES model/filter.c model/filter_set.c base/strlist.c ${glob_files})
unit_test(names
  FILES model/names.c base/path.c base/unicode.c base/utf8.c ${str_files}
  LIBRARIES coldsync::utf8proc)
unit_test(quirks
  FILES model/quirks.c model/quirks_copy.c model/quirks_table.c
    model/pattern_compile.c model/pattern_find.c base/num.c base/path.c
    base/strlist.c base/utf8.c ${str_files})
unit_test(session
  FILES model/session.c model/tree.c base/arena.c base/path.c ${str_files})
unit_test(merge
  FILES model/merge.c model/merge_json.c model/merge_time.c base/stamp.c
    base/utf8.c ${str_files})
