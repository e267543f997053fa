# The planner, from the trees up. Tests see it through a world, which is text
# (support/world.h).
set(tree_files
  model/agreed.c model/tree.c base/arena.c base/hash.c base/path.c ${str_files})
set(plan_files
  model/plan/classify.c model/plan/names.c model/filter/pattern_compile.c
  model/filter/pattern_find.c model/plan/plan.c model/plan/plan_ask.c
  model/plan/plan_again.c model/plan/plan_both.c model/plan/plan_decide.c
  model/plan/plan_dirs.c
  model/plan/plan_emit.c model/plan/plan_fit.c model/plan/plan_fold.c
  model/plan/plan_absorb.c model/plan/plan_held.c model/plan/plan_moves.c
  model/plan/plan_names.c model/plan/plan_settle.c model/plan/plan_units.c model/plan/plan_whole.c
  model/plan/plan_write.c model/cloud/quirks.c model/cloud/quirks_copy.c
  model/cloud/quirks_table.c model/plan/unit.c base/bracket.c base/glob.c
  base/num.c base/stamp.c base/strlist.c base/unicode.c base/utf8.c)

set(world_build_files ../tests/support/world.c ../tests/support/world_build.c)

function(tree_test name)
  unit_test(${name}
    FILES ${tree_files} ${world_build_files}
    LIBRARIES coldsync::xxhash)
endfunction()

# The files behind the name are linked too.
function(plan_test name)
  unit_test(${name}
    FILES
      ${tree_files} ${plan_files} ${world_build_files} ${ARGN}
      ../tests/support/laws.c ../tests/support/laws_policy.c
      ../tests/support/laws_result.c ../tests/support/plan_case.c
      ../tests/support/replay.c ../tests/support/world_plan.c
    LIBRARIES coldsync::xxhash coldsync::utf8proc)
endfunction()

tree_test(tree)
tree_test(agreed)
unit_test(program
  FILES
    model/program/program.c model/program/interpreter.c
    model/program/protected.c base/strlist.c base/unicode.c base/utf8.c
    ${str_files}
  LIBRARIES coldsync::utf8proc)
unit_test(unit FILES model/plan/unit.c ${glob_files})
unit_test(complete
  FILES
    ${tree_files} ${world_build_files} model/cloud/claims.c
    model/cloud/complete.c model/cloud/heads.c model/filter/filter.c
    model/filter/filter_set.c model/plan/classify.c model/plan/unit.c
    base/bracket.c base/glob.c base/num.c base/stamp.c base/strlist.c
    base/utf8.c
  LIBRARIES coldsync::xxhash)
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
  FILES
    model/filter/filter.c model/filter/filter_set.c base/strlist.c
    ${glob_files})
unit_test(names
  FILES model/plan/names.c base/path.c base/unicode.c base/utf8.c ${str_files}
  LIBRARIES coldsync::utf8proc)
unit_test(quirks
  FILES
    model/cloud/quirks.c model/cloud/quirks_copy.c model/cloud/quirks_table.c
    model/filter/pattern_compile.c model/filter/pattern_find.c base/num.c
    base/path.c base/strlist.c base/utf8.c ${str_files})
unit_test(session
  FILES model/plan/session.c model/tree.c base/arena.c base/path.c ${str_files})
unit_test(merge
  FILES
    model/merge/merge.c model/merge/merge_json.c model/merge/merge_time.c
    base/stamp.c base/utf8.c ${str_files})

unit_test(retention FILES model/retention.c base/stamp.c)

unit_test(remember_back
  FILES
    model/remember.c model/story.c base/arena.c base/path.c base/stamp.c
    ${str_files})
