#include "model/program/interpreter.h"

#include <string.h>

#include "base/compiler.h"
#include "model/ascii.h"

/*
 * How one of them takes its arguments. Lists are separated by blanks; what is
 * in none of them is an option without a value.
 */
struct grammar {
	const char *names;  /* base names, in lower case */
	const char *valued; /* options whose value is the next argument … */
	const char *letters; /* … and letters whose value is that or the rest */
	const char *attached; /* letters whose value is the rest alone */
	const char *code;     /* options behind which there is no file … */
	const char *coding;   /* … and such letters */
	const char *file;     /* options whose value is the file … */
	const char *filing;   /* … and such letters */
	const char *module;   /* options whose value is a module */
	char moduling;        /* the letter for that */
	const char *words;    /* commands that may stand before the file */
	bool slashes;         /* options begin with '/' as well */
	bool any_case;        /* options in any case */
};

static const struct grammar grammars[] = {
    {.names = "sh bash dash ash zsh ksh mksh oksh yash fish busybox",
	.valued = "--rcfile --init-file +o +O",
	.letters = "oO",
	.code = "--command",
	.coding = "cs",
	.words = "sh ash hush"},
    {.names = "python pythonw pypy",
	.valued = "--check-hash-based-pycs",
	.letters = "WX",
	.coding = "c",
	.moduling = 'm'},
    {.names = "node nodejs electron",
	.valued = "-r --require --import --loader --experimental-loader -C "
		  "--conditions --title --env-file",
	.code = "-e --eval -p --print -pe",
	.words = "inspect debug"},
    {.names = "bun",
	.valued = "-r --preload --cwd -c --config --env-file -d --define",
	.code = "-e --eval -p --print",
	.words = "run x"},
    {.names = "deno",
	.valued = "-c --config --import-map -L --log-level --cert --location "
		  "--seed",
	.code = "eval repl",
	.words = "run"},
    {.names = "ruby", .letters = "CEIr", .attached = "FKTWix", .coding = "e"},
    {.names = "perl", .letters = "I", .attached = "CDFMVimx", .coding = "eE"},
    {.names = "php",
	.valued = "--define --php-ini",
	.letters = "dcz",
	.code = "--run",
	.coding = "r",
	.file = "--file",
	.filing = "f"},
    {.names = "lua luajit", .letters = "el"},
    {.names = "tclsh wish"},
    {.names = "expect", .coding = "c", .filing = "f"},
    {.names = "rscript", .code = "-e"},
    {.names = "java javaw",
	.valued = "-cp -classpath --class-path -p --module-path --add-modules "
		  "--add-opens --add-exports --add-reads "
		  "--upgrade-module-path --limit-modules",
	.file = "-jar",
	.module = "-m --module"},
    {.names = "mono", .valued = "--config"},
    {.names = "dotnet",
	.valued = "--runtimeconfig --depsfile --additionalprobingpath "
		  "--additional-deps --fx-version --roll-forward",
	.words = "exec run"},
    {.names = "pwsh powershell",
	.valued = "-executionpolicy -ep -ex -windowstyle -w -inputformat "
		  "-outputformat -configurationname -psconsolefile -version "
		  "-workingdirectory -wd -settingsfile",
	.code = "-command -c -encodedcommand -e -ec",
	.file = "-file -f",
	.any_case = true},
    {.names = "cmd", .slashes = true, .any_case = true},
    {.names = "wscript cscript", .slashes = true},
    {.names = "wine wine64", .words = "start"},
    {.names = "ld-linux-x86-64.so ld-linux-aarch64.so ld-linux.so "
	      "ld-musl-x86_64.so ld-musl-aarch64.so",
	.valued = "--library-path --argv0 --preload --audit "
		  "--inhibit-rpath --glibc-hwcaps-prepend"},
};

/* Extensions of files that somebody else runs. */
static const char extensions[] =
    "js mjs cjs jsx ts mts cts tsx py pyw pyc pyz rb pl sh bash zsh ksh fish "
    "php phar lua tcl r jar class ps1 bat cmd vbs wsf dll";

/* ---- lists in texts ---- */

static bool
has_word(const char *list, const char *word, size_t n, bool any_case)
{
	for (const char *p = list; p != NULL && *p != '\0';) {
		size_t len = strcspn(p, " ");
		if (len == n && n > 0 &&
		    (any_case ? ascii_same(p, word, n)
			      : memcmp(p, word, n) == 0))
			return true;
		p += len;
		p += *p == ' ';
	}
	return false;
}

static bool
has_letter(const char *list, char letter)
{
	return list != NULL && letter != '\0' && strchr(list, letter) != NULL;
}

/* ---- which one ---- */

static const struct grammar *
find_exact(const char *name, size_t n)
{
	for (size_t i = 0; i < COUNT_OF(grammars); i++)
		if (has_word(grammars[i].names, name, n, true))
			return &grammars[i];
	return NULL;
}

/* "python3.11", "Lua5.4.exe" and "wine64": the version may be part of the
   name, or not. */
static const struct grammar *
find(const char *name)
{
	size_t n = strlen(name);
	if (n > 4 && ascii_same(name + n - 4, ".exe", 4))
		n -= 4;
	const struct grammar *g = find_exact(name, n);
	if (g != NULL)
		return g;
	while (n > 0 && (has_letter("0123456789.-", name[n - 1])))
		n--;
	return find_exact(name, n);
}

/* ---- its arguments ---- */

/* What an argument means for those behind it. */
enum meaning {
	OPTION,     /* nothing */
	TAKES_NEXT, /* the next one is its value */
	IS_CODE,    /* there is no file */
	FILE_NEXT,  /* the next one is the file */
	MODULE_NEXT,
	MODULE_HERE, /* the rest of this one is the module */
	FILE_HERE
};

/* An argument of single letters that share a dash: "-Bm". *at*: where what the
   last of them takes begins. */
static enum meaning
letters_mean(const struct grammar *g, const char *arg, const char **at)
{
	for (const char *p = arg + 1; *p != '\0'; p++) {
		*at = p + 1;
		bool last = p[1] == '\0';
		if (has_letter(g->coding, *p))
			return IS_CODE;
		if (g->moduling == *p)
			return last ? MODULE_NEXT : MODULE_HERE;
		if (has_letter(g->filing, *p))
			return last ? FILE_NEXT : FILE_HERE;
		if (has_letter(g->letters, *p))
			return last ? TAKES_NEXT : OPTION;
		if (has_letter(g->attached, *p))
			return OPTION;
	}
	return OPTION;
}

static enum meaning
option_means(const struct grammar *g, const char *arg, const char **at)
{
	size_t n = strlen(arg);
	bool any = g->any_case;
	if (has_word(g->valued, arg, n, any))
		return TAKES_NEXT;
	if (has_word(g->code, arg, n, any))
		return IS_CODE;
	if (has_word(g->file, arg, n, any))
		return FILE_NEXT;
	if (has_word(g->module, arg, n, any))
		return MODULE_NEXT;
	if (arg[0] == '-' && arg[1] != '-')
		return letters_mean(g, arg, at);
	return OPTION;
}

static bool
is_option(const struct grammar *g, const char *arg)
{
	if (arg[0] == '/')
		return g->slashes;
	return (arg[0] == '-' || arg[0] == '+') && arg[1] != '\0';
}

/* Take the arguments one by one, up to the first that is no option. */
static void
read_args(
    struct interpreted *out, const struct grammar *g, const char *const *argv)
{
	const char *at = NULL;
	for (size_t i = 1; argv[i] != NULL; i++) {
		const char *arg = argv[i];
		bool ended = strcmp(arg, "--") == 0;
		enum meaning means =
		    is_option(g, arg) ? option_means(g, arg, &at) : OPTION;
		if (means == IS_CODE ||
		    has_word(g->code, arg, strlen(arg), g->any_case))
			return;
		if (means == MODULE_HERE)
			out->module = at;
		else if (means == FILE_HERE)
			out->script = at;
		else if (means == MODULE_NEXT)
			out->module = argv[i + 1];
		else if (means == FILE_NEXT || ended)
			out->script = argv[i + 1];
		else if (!is_option(g, arg) &&
		    !has_word(g->words, arg, strlen(arg), g->any_case))
			out->script = arg;
		if (out->module != NULL || out->script != NULL ||
		    argv[i + 1] == NULL)
			return;
		i += means == TAKES_NEXT;
	}
}

bool
interpreter_runs(
    struct interpreted *out, const char *name, const char *const *argv)
{
	const struct grammar *g = find(name);
	*out = (struct interpreted){.script = NULL};
	if (g == NULL)
		return false;
	if (argv != NULL && argv[0] != NULL)
		read_args(out, g, argv);
	return true;
}

const char *
interpreter_extension(const char *name)
{
	const char *end = name + strlen(name);
	const char *dot = strrchr(name, '.');
	if (dot == NULL || dot == name ||
	    !has_word(extensions, dot + 1, strlen(dot + 1), true))
		return end;
	return dot;
}
