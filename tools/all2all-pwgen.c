/* SPDX-License-Identifier: BSD-3-Clause */
/* Issues strong random passwords that satisfy the policy. */
#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "spelling.h"

static const char usage[] =
	"usage: all2all-pwgen [options]\n"
	"\n"
	"  -n, --count COUNT      how many passwords, 1 to 1000000 (default: 1)\n"
	"  -l, --length LENGTH    characters (default: 12; pronounceable: 16)\n"
	"  -b, --bits BITS        the shortest with at least so many bits of entropy\n"
	"  -y, --symbols[=SET]    symbols too: these, or the usual ones\n"
	"  -C, --characters SET   these characters instead of letters and digits\n"
	"  -a, --avoid SET        none of these characters\n"
	"  -k, --keyboard-safe    only keys that AZERTY, QWERTY and QWERTZ have in one place\n"
	"  -p, --pronounceable    syllables and a number\n"
	"  -w, --words WORDS      a passphrase of so many words and a digit\n"
	"  -S, --separator TEXT   between the words (default: -)\n"
	"  -L, --lang LANGUAGE    of words and spelling: fr nl de en\n"
	"  -e, --entropy          how many bits each has, counted\n"
	"  -T, --spell            how to spell it on the telephone\n"
	"  -j, --json             a JSON array\n"
	"  -c, --config FILE      instead of the system's configuration\n"
	"  -s, --set KEY=VALUE    a setting, over the configuration's; may be given again\n"
	"  -h, --help             this text\n"
	"\n"
	"Without options: 12 letters and digits out of those that nobody mixes up (no 0 O o 1 l "
	"I).\n"
	"Exit status: 0, or 2 when nothing could be generated. Manual: all2all-pwgen(1).\n";

enum { MOST = 1000000 };

struct request {
	unsigned count;
	struct a2a_recipe recipe;
	bool entropy, spell, json;
	struct command_options options;
};

static const struct option long_options[] = {
	{"count", required_argument, NULL, 'n'},
	{"length", required_argument, NULL, 'l'},
	{"bits", required_argument, NULL, 'b'},
	{"symbols", optional_argument, NULL, 'y'},
	{"characters", required_argument, NULL, 'C'},
	{"avoid", required_argument, NULL, 'a'},
	{"keyboard-safe", no_argument, NULL, 'k'},
	{"pronounceable", no_argument, NULL, 'p'},
	{"words", required_argument, NULL, 'w'},
	{"separator", required_argument, NULL, 'S'},
	{"lang", required_argument, NULL, 'L'},
	{"entropy", no_argument, NULL, 'e'},
	{"spell", no_argument, NULL, 'T'},
	{"json", no_argument, NULL, 'j'},
	{"config", required_argument, NULL, 'c'},
	{"set", required_argument, NULL, 's'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static unsigned number(const char *what, const char *text, unsigned most)
{
	char *end = NULL;
	unsigned long value = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;

	if (!end || *end || value < 1 || value > most)
		errx(EXIT_FAULT, "%s: \"%s\" is not a number from 1 to %u", what, text, most);
	return (unsigned)value;
}

static void check_request(const struct request *request, bool length_given)
{
	const struct a2a_recipe *recipe = &request->recipe;

	if (length_given && recipe->bits)
		errx(EXIT_FAULT, "--length and --bits: only one of them can decide");
	if (recipe->style == A2A_WORDS && (length_given || recipe->bits))
		errx(EXIT_FAULT, "--words says how many words; --length and --bits would say it "
				 "another way");
	if (recipe->style != A2A_CHARACTERS && (recipe->symbols || recipe->characters))
		errx(EXIT_FAULT, "--symbols and --characters go with random characters, not with "
				 "words or syllables");
	if (recipe->style != A2A_WORDS && recipe->separator)
		errx(EXIT_FAULT, "--separator goes with --words");
}

static void parse(struct request *request, int argc, char **argv)
{
	struct a2a_recipe *recipe = &request->recipe;
	bool pronounceable = false;
	unsigned words = 0;
	int option;

	request->count = 1;
	while ((option = getopt_long(
			argc, argv, "n:l:b:y::C:a:kpw:S:L:eTjc:s:h", long_options, NULL)) != -1) {
		switch (option) {
		case 'n':
			request->count = number("--count", optarg, MOST);
			break;
		case 'l':
			recipe->length = number("--length", optarg, 511);
			break;
		case 'b':
			recipe->bits = number("--bits", optarg, 512);
			break;
		case 'y':
			recipe->symbols = optarg ? optarg : "";
			break;
		case 'C':
			recipe->characters = optarg;
			break;
		case 'a':
			recipe->avoid = optarg;
			break;
		case 'k':
			recipe->keyboard_safe = true;
			break;
		case 'p':
			pronounceable = true;
			break;
		case 'w':
			words = number("--words", optarg, 64);
			break;
		case 'S':
			recipe->separator = optarg;
			break;
		case 'e':
			request->entropy = true;
			break;
		case 'T':
			request->spell = true;
			break;
		case 'j':
			request->json = true;
			break;
		default:
			command_take_option(&request->options, option, optarg, usage);
		}
	}
	if (optind < argc)
		errx(EXIT_FAULT, "%s: no argument was expected (a length is given with -l)",
			argv[optind]);
	if (pronounceable && words)
		errx(EXIT_FAULT, "--pronounceable and --words: only one of them");
	recipe->style = words ? A2A_WORDS : pronounceable ? A2A_PRONOUNCEABLE : A2A_CHARACTERS;
	check_request(request, recipe->length != 0);
	if (words)
		recipe->length = words;
}

/* What is said of the entropy of every password of one generator. */
struct entropy {
	double bits;
	bool is_exact;
};

static bool add_text(const struct request *request, const struct secret *password,
	struct entropy counted, const struct secret *spelled, struct secret *output)
{
	char entropy[64];

	snprintf(entropy, sizeof(entropy), "\t%s%.2f bits", counted.is_exact ? "" : "at most ",
		counted.bits);
	return a2a_secret_append(output, password->bytes, password->length) &&
	       (!request->entropy || a2a_secret_append(output, entropy, strlen(entropy))) &&
	       (!request->spell ||
		       (a2a_secret_append(output, "\n\t", 2) &&
			       a2a_secret_append(output, spelled->bytes, spelled->length))) &&
	       a2a_secret_append(output, "\n", 1);
}

static bool add_json(const struct request *request, const struct secret *password,
	struct entropy counted, const struct secret *spelled, struct secret *output)
{
	json_t *object = json_pack("{s:s%, s:f, s:b}", "password", password->bytes,
		password->length, "bits", counted.bits, "exact", counted.is_exact);
	char *text = NULL;
	bool ok = object != NULL;

	if (ok && request->spell)
		ok = json_object_set_new(
			     object, "spelled", json_stringn(spelled->bytes, spelled->length)) == 0;
	if (ok)
		text = json_dumps(object, JSON_REAL_PRECISION(8));
	ok = text && (output->length == 0 || a2a_secret_append(output, ",\n", 2)) &&
	     a2a_secret_append(output, text, strlen(text));
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	json_decref(object);
	return ok;
}

static bool add_one(const struct request *request, const struct a2a_generator *generator,
	const char *language, struct secret *output, const struct a2a_log *log)
{
	struct secret password = {0}, spelled = {0};
	const struct entropy counted = {
		a2a_generator_bits(generator),
		a2a_generator_is_exact(generator),
	};
	bool ok = a2a_generate(generator, NULL, &password, log);

	if (ok && ((request->spell && !spell(&password, language, &spelled)) ||
			  !(request->json ? add_json : add_text)(
				  request, &password, counted, &spelled, output))) {
		warnx("out of memory");
		ok = false;
	}
	a2a_secret_wipe(&password);
	a2a_secret_wipe(&spelled);
	return ok;
}

/* Nothing goes out before all of it is there, so that nobody hands out half a list. */
static int generate(struct command *command, struct request *request)
{
	const char *language = a2a_messages_language(command->messages, 0);
	struct a2a_generator *generator;
	struct secret output = {0};
	int status = EXIT_FAULT;

	if (request->recipe.style == A2A_WORDS)
		request->recipe.language = language;
	generator = a2a_generator_open(command->policy, &request->recipe, &command->log);
	if (!generator)
		return EXIT_FAULT;
	for (unsigned i = 0; i < request->count; i++)
		if (!add_one(request, generator, language, &output, &command->log))
			goto out;
	if (request->json) {
		if (!write_all("[", 1) || !write_all(output.bytes, output.length) ||
			!write_all("]\n", 2))
			goto out;
	} else if (!write_all(output.bytes, output.length)) {
		goto out;
	}
	status = EXIT_ACCEPTED;
out:
	a2a_secret_wipe(&output);
	a2a_generator_close(generator);
	return status;
}

int main(int argc, char **argv)
{
	struct request request = {0};
	struct command command = {0};
	int status = EXIT_FAULT;

	command_start();
	parse(&request, argc, argv);
	if (command_open(&command, &request.options))
		status = generate(&command, &request);
	command_close(&command);
	free(request.options.set);
	return status;
}
