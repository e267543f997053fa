# What several modules stand on.
set(str_files base/mem.c base/str.c)
set(text_files base/text.c base/unicode.c base/utf8.c ${str_files})
set(glob_files base/bracket.c base/glob.c base/path.c base/utf8.c ${str_files})

unit_test(err FILES base/err.c)
unit_test(mem FILES ${str_files})
# The sanitizers' allocator ends the program itself unless told otherwise.
set_tests_properties(unit/mem PROPERTIES
  ENVIRONMENT "ASAN_OPTIONS=allocator_may_return_null=1;\
TSAN_OPTIONS=allocator_may_return_null=1")
unit_test(arena FILES base/arena.c base/mem.c)
unit_test(str FILES ${str_files})
unit_test(strlist FILES base/strlist.c base/mem.c)
unit_test(markup FILES base/markup.c ${str_files})
unit_test(stamp FILES base/stamp.c)
unit_test(path FILES base/path.c ${str_files})
unit_test(utf8 FILES base/utf8.c)
unit_test(hash FILES base/hash.c base/mem.c LIBRARIES coldsync::xxhash)
unit_test(num FILES base/num.c ${str_files})
unit_test(unicode
  FILES base/unicode.c base/utf8.c ${str_files}
  LIBRARIES coldsync::utf8proc)
unit_test(json
  FILES base/json.c base/num.c ${text_files}
  LIBRARIES coldsync::utf8proc)
unit_test(json_read
  FILES base/err.c base/json_read.c base/utf8.c ${str_files})

# Another decoder reads our JSON; without it that one test skips. So it does on
# Windows, whose shell has rules of its own about quotes.
find_program(PYTHON_PROGRAM python3)
mark_as_advanced(PYTHON_PROGRAM)
set(json_reader)
if(PYTHON_PROGRAM AND NOT WIN32)
  set(json_reader "PYTHON=\"${PYTHON_PROGRAM}\""
    "CHECK_JSON=\"${CMAKE_CURRENT_SOURCE_DIR}/check_json.py\"")
endif()
unit_test(text
  FILES base/num.c ${text_files} LIBRARIES coldsync::utf8proc DEFINES ${json_reader})

unit_test(glob FILES ${glob_files})
# The same patterns put to git itself, in a folder of the build tree.
unit_test(glob_git
  FILES ${glob_files}
  DEFINES "CMAKE=\"${CMAKE_COMMAND}\"")
