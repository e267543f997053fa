#include "cli/cli.h"
#include "platform/plat_env.h"
#include "platform/plat_sig.h"

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	plat_sig_install();
	return cli_main(argc, argv);
}
