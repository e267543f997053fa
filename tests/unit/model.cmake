# The planner, from the trees up. Tests see it through a world, which is text
# (support/world.h).
set(tree_files
  model/agreed.c model/tree.c base/arena.c base/hash.c base/path.c ${str_files})
set(plan_files
  model/classify.c model/names.c model/pattern_compile.c model/pattern_find.c
  model/plan.c model/plan_ask.c model/plan_both.c model/plan_decide.c
  model/plan_dirs.c model/plan_emit.c model/plan_fit.c model/plan_fold.c
  model/plan_held.c model/plan_moves.c model/plan_names.c model/plan_settle.c
  model/plan_units.c model/plan_whole.c model/plan_write.c model/quirks.c
  model/quirks_copy.c model/quirks_table.c model/unit.c base/bracket.c
  base/glob.c base/num.c base/stamp.c base/strlist.c base/unicode.c
  base/utf8.c)

function(tree_test name)
  unit_test(${name} FILES ${tree_files} LIBRARIES coldsync::xxhash)
  target_sources(test_${name} PRIVATE
    ../support/world.c ../support/world_build.c)
endfunction()

# The files behind the name are linked too.
function(plan_test name)
  unit_test(${name}
    FILES ${tree_files} ${plan_files}
    LIBRARIES coldsync::xxhash coldsync::utf8proc)
  target_sources(test_${name} PRIVATE
    ../support/laws.c ../support/laws_policy.c ../support/laws_result.c
    ../support/plan_case.c ../support/replay.c
    ../support/world.c ../support/world_build.c ../support/world_plan.c
    ${ARGN})
endfunction()

tree_test(tree)
tree_test(agreed)
unit_test(program
  FILES model/program.c model/interpreter.c model/protected.c base/strlist.c base/unicode.c
    base/utf8.c ${str_files}
  LIBRARIES coldsync::utf8proc)
unit_test(unit FILES model/unit.c ${glob_files})
plan_test(classify)
plan_test(plan)
plan_test(plan_units)
plan_test(plan_choices)
plan_test(plan_exhaustive)
plan_test(plan_random)
plan_test(plan_size)
set_tests_properties(unit/plan_size PROPERTIES TIMEOUT 120)
if(COLDSYNC_SANITIZE)
  set_tests_properties(unit/plan_exhaustive PROPERTIES
    ENVIRONMENT PLAN_EVERY=29)
endif()

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

unit_test(retention FILES model/retention.c base/stamp.c)
