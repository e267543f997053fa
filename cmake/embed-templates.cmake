# The files of config-templates as one table of C, so that a program on its own
# has them too (src/config/template_files.h):
#   cmake -D DIR=… -D "NAMES=codex;…" -D OUT=… -P embed-templates.cmake
set(text "#include \"config/template_files.h\"\n")
set(rows "")
foreach(name IN LISTS NAMES)
  string(MAKE_C_IDENTIFIER "${name}" id)
  file(READ "${DIR}/${name}.ini" hex HEX)
  string(LENGTH "${hex}" size)
  math(EXPR size "${size} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x0a,)" "\\1\n" bytes "${bytes}")
  string(APPEND text "\nstatic const unsigned char ${id}[] = {\n${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", ${id}, ${size}},\n")
endforeach()
list(LENGTH NAMES count)
string(APPEND text
  "\nconst struct template_file template_files[] = {\n${rows}};\n"
  "\nconst size_t template_files_n = ${count};\n")
file(WRITE "${OUT}" "${text}")
