#include "cli/cmd/run_choice.h"

#include <string.h>

#include "base/compiler.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/exitcode.h"
#include "cli/out/words.h"
#include "cli/resolve/resolve.h"
#include "model/plan/plan.h"
#include "platform/plat_ask.h"

/* Nobody who is there takes longer to answer. */
enum { ANSWER_SECONDS = 600 };

/* ---- at the terminal ---- */

static enum run_choice
choose_at_terminal(struct cli_context *c, const struct config *config,
    const char *program, int code)
{
	bool conflict = code == EXITCODE_CONFLICT;
	struct str answer = STR_INIT;
	struct err e;
	enum run_choice choice = RUN_CANCEL;
	out_line(&c->out,
	    conflict ? "  r  resolve the conflicts now" : "  t  try again");
	out_line(&c->out, "  s  start %s anyway", program);
	out_line(&c->out, "  c  cancel");
	while (ask_line(&answer, c, &e,
		   conflict ? "Choose [r,s,c]" : "Choose [t,s,c]") == 0) {
		char key = (char)(answer.len == 1 ? answer.p[0] : '?');
		if (key == 's')
			choice = RUN_ANYWAY;
		else if (key == (conflict ? 'r' : 't'))
			choice = RUN_AGAIN;
		if (choice != RUN_CANCEL || key == 'c')
			break;
	}
	if (choice == RUN_AGAIN && conflict)
		(void)resolve_now(c, config, 0);
	str_free(&answer);
	return choice;
}

/* ---- in a window ---- */

static int
ask_window(struct cli_context *c, const char *text, const char *const *answers)
{
	const struct plat_question q = {
	    .title = "coldsync",
	    .text = text,
	    .answers = answers,
	    .n = 3,
	    .timeout_seconds = ANSWER_SECONDS,
	};
	struct err why;
	int answer = plat_ask(&q, &why);
	if (answer < 0) {
		char reason[ERR_TEXT_SIZE];
		cli_warn(c, "nobody could be asked: %s",
		    err_text(&why, reason, sizeof(reason)));
	}
	return answer;
}

/* One decision for all of them; who wants more has the command resolve. */
static enum run_choice
resolve_in_window(struct cli_context *c, const struct config *config)
{
	static const char *const answers[] = {
	    "Take the newer", "Keep both", "Cancel"};
	static const int takes[] = {1 + PLAN_TAKE_NEWER, 1 + PLAN_TAKE_BOTH};
	int answer = ask_window(c,
	    "What changed here and on another machine:\n"
	    "take the newer of each, or keep both side by side?\n"
	    "Whatever loses is kept in a snapshot.",
	    answers);
	if (answer < 0 || answer > 1)
		return RUN_CANCEL;
	(void)resolve_now(c, config, takes[answer]);
	return RUN_AGAIN;
}

static enum run_choice
choose_in_window(struct cli_context *c, const struct config *config,
    const char *program, int code)
{
	bool conflict = code == EXITCODE_CONFLICT;
	const char *const answers[] = {
	    conflict ? "Resolve" : "Try again", "Start anyway", "Cancel"};
	struct str text = STR_INIT;
	str_addf(&text, "'%s' could not be synced before the start of ",
	    config->profile);
	text_show(&text, program, strlen(program));
	str_add(&text, ":\n");
	text_show(&text, c->message.p, c->message.len);
	int answer = ask_window(c, text.p, answers);
	str_free(&text);
	switch (answer) {
	case 0:
		return conflict ? resolve_in_window(c, config) : RUN_AGAIN;
	case 1:
		return RUN_ANYWAY;
	default:
		return RUN_CANCEL;
	}
}

enum run_choice
run_choose(struct cli_context *c, const struct config *config,
    const char *program, int code)
{
	if (ask_possible(c))
		return choose_at_terminal(c, config, program, code);
	/* A program reads the answer: it is the one to decide. */
	if (c->globals.json || plat_is_terminal(PLAT_STDIN))
		return RUN_CANCEL;
	return choose_in_window(c, config, program, code);
}
