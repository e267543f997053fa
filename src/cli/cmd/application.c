#include "cli/cmd/application.h"

#include "base/compiler.h"
#include "cli/ask.h"
#include "platform/plat_ask.h"

/* Nobody who is there takes longer to answer. */
enum { ANSWER_SECONDS = 300 };

void
application_waiting(void *arg, const char *who)
{
	const struct application *a = arg;
	cli_note(a->c, "waiting for %s to stop", who);
}

static bool
agreed_in_window(struct cli_context *c, const char *question)
{
	static const char *const answers[] = {"Terminate", "Cancel"};
	const struct plat_question q = {
	    .title = "coldsync",
	    .text = question,
	    .answers = answers,
	    .n = COUNT_OF(answers),
	    .timeout_seconds = ANSWER_SECONDS,
	};
	struct err why;
	int answer = plat_ask(&q, &why);
	if (answer < 0) {
		char text[ERR_TEXT_SIZE];
		cli_warn(c, "nobody could be asked: %s",
		    err_text(&why, text, sizeof(text)));
	}
	return answer == 0;
}

/* On the terminal, or in a window where there is none and the config lets us.
   What cannot be asked is not agreed to. */
bool
application_agreed(void *arg, const char *question)
{
	const struct application *a = arg;
	int mode = a->config->process.terminate_confirmation_mode;
	struct err why;
	if (mode != CONFIG_CONFIRM_GUI && ask_possible(a->c))
		return ask_yes(a->c, &why, question) > 0;
	if (mode == CONFIG_CONFIRM_CONSOLE)
		return false;
	return agreed_in_window(a->c, question);
}

void
application_list(struct cli_context *c, const struct guard_matches *met)
{
	for (size_t i = 0; i < met->n; i++) {
		const struct guard_match *m = &met->v[i];
		out_line(&c->err, "tracked: pid %lld, %s, %s",
		    (long long)m->pid, m->name, m->why);
	}
}
