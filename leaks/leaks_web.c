/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "leaks_web.h"

#include <curl/curl.h>
#include <math.h>
#include <md5.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <zlib.h>

enum {
	/* Bytes of a text: most ranges have less. So much comes from the system, and goes back to
	   it. */
	FIRST_ROOM = 128 << 10,
	MOST_CONNECTIONS = 2,
	CONNECT_SECONDS = 20,
	SLOW = 10, /* bytes a second */
	MOST_PAUSE = 600,
	MOST_PAUSES = 4,
	POLL_MILLISECONDS = 500,
	GZIP_WINDOW = 15 + 16, /* of zlib: gzip alone */
	MD5_TEXT = 24,         /* digits of a digest in base 64 */
};

static const double FIRST_DELAY = 0.5, MOST_DELAY = 60; /* seconds */

enum state { FREE, RUNNING, WAITING };

struct web;

/* One question at a time, and its answer. */
struct stream {
	struct web *web;
	enum state state;
	CURL *handle;
	struct curl_slist *headers;
	struct a2a_leaks_question question;
	unsigned failures;
	double due; /* when it is asked again */
	char error[CURL_ERROR_SIZE];
	/* The answer. */
	char etag[A2A_LEAKS_MOST_ETAG + 1], md5[MD5_TEXT + 1];
	bool is_gzip, is_other_coding;
	bool is_begun, is_ended; /* its gzip data */
	z_stream inflater;
	bool has_inflater;
	MD5_CTX digest; /* of the body as it was sent */
	char *text;
	size_t length, room;
	const char *wrong; /* with the body */
};

struct web {
	const struct a2a_leaks_web_order *order;
	const struct a2a_leaks_asker *asker;
	struct a2a_leaks_traffic *traffic;
	const struct a2a_log *log;
	CURLM *multi;
	struct stream *stream;
	double paused_until;
	unsigned pauses;
	bool has_failed;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* ---- The headers of an answer ---------------------------------------------------------------- */

/* Copies a value, without the space around it, if it is of printable ASCII and not too long. */
static void copy_value(char *to, size_t room, const char *value, size_t length)
{
	while (length && (*value == ' ' || *value == '\t')) {
		value++;
		length--;
	}
	while (length && strchr(" \t\r\n", value[length - 1]))
		length--;
	to[0] = 0;
	if (length >= room)
		return;
	for (size_t i = 0; i < length; i++)
		if (value[i] <= ' ' || value[i] > '~')
			return;
	memcpy(to, value, length);
	to[length] = 0;
}

static void begin_answer(struct stream *stream)
{
	stream->etag[0] = stream->md5[0] = 0;
	stream->is_gzip = stream->is_other_coding = false;
	stream->is_begun = stream->is_ended = false;
	stream->length = 0;
	stream->wrong = NULL;
	MD5Init(&stream->digest);
}

static size_t take_header(char *line, size_t size, size_t count, void *context)
{
	struct stream *stream = context;
	const size_t length = size * count;
	const char *colon = memchr(line, ':', length);
	const size_t name = colon ? (size_t)(colon - line) : 0;
	char coding[16];

	/* A line of the status: another answer begins. */
	if (length >= 5 && memcmp(line, "HTTP/", 5) == 0)
		begin_answer(stream);
	if (!colon)
		return length;
	if (name == 4 && strncasecmp(line, "etag", name) == 0)
		copy_value(stream->etag, sizeof(stream->etag), colon + 1, length - name - 1);
	if (name == 11 && strncasecmp(line, "content-md5", name) == 0)
		copy_value(stream->md5, sizeof(stream->md5), colon + 1, length - name - 1);
	if (name == 16 && strncasecmp(line, "content-encoding", name) == 0) {
		copy_value(coding, sizeof(coding), colon + 1, length - name - 1);
		stream->is_gzip = strcasecmp(coding, "gzip") == 0;
		stream->is_other_coding = !stream->is_gzip && strcasecmp(coding, "identity") != 0;
	}
	return length;
}

/* ---- The body of an answer ------------------------------------------------------------------- */

/* Makes room for one more byte of the text at least. */
static bool make_room(struct stream *stream)
{
	const size_t room = stream->room ? 2 * stream->room : FIRST_ROOM;
	char *text;

	if (stream->length < stream->room)
		return true;
	if (room > A2A_LEAKS_MOST_RANGE) {
		stream->wrong = "is larger than a range can be";
		return false;
	}
	text = realloc(stream->text, room + A2A_LEAKS_BEHIND_TEXT);
	if (!text) {
		stream->wrong = "did not fit into the memory";
		return false;
	}
	stream->text = text;
	stream->room = room;
	return true;
}

static bool append(struct stream *stream, const char *bytes, size_t size)
{
	while (size) {
		size_t part;

		if (!make_room(stream))
			return false;
		part = stream->room - stream->length;
		part = part < size ? part : size;
		memcpy(stream->text + stream->length, bytes, part);
		stream->length += part;
		bytes += part;
		size -= part;
	}
	return true;
}

/* Decompresses bytes to the end of the text. */
static bool inflate_bytes(struct stream *stream, char *bytes, size_t size)
{
	z_stream *inflater = &stream->inflater;
	int answer = Z_OK;

	inflater->next_in = (unsigned char *)bytes;
	inflater->avail_in = (unsigned)size;
	while (answer == Z_OK && inflater->avail_in) {
		if (stream->is_ended) {
			stream->wrong = "has bytes behind its gzip data";
			return false;
		}
		if (!make_room(stream))
			return false;
		inflater->next_out = (unsigned char *)stream->text + stream->length;
		inflater->avail_out = (unsigned)(stream->room - stream->length);
		answer = inflate(inflater, Z_NO_FLUSH);
		stream->length = stream->room - inflater->avail_out;
		if (answer == Z_STREAM_END) {
			stream->is_ended = true;
			answer = Z_OK;
		}
	}
	if (answer != Z_OK && answer != Z_BUF_ERROR)
		stream->wrong = "has damaged gzip data";
	return !stream->wrong;
}

static bool begin_to_inflate(struct stream *stream)
{
	int answer;

	if (stream->has_inflater) {
		answer = inflateReset(&stream->inflater);
	} else {
		memset(&stream->inflater, 0, sizeof(stream->inflater));
		answer = inflateInit2(&stream->inflater, GZIP_WINDOW);
		stream->has_inflater = answer == Z_OK;
	}
	stream->is_begun = answer == Z_OK;
	if (!stream->is_begun)
		stream->wrong = "could not be decompressed: out of memory";
	return stream->is_begun;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct stream *stream = context;
	long status = 0;

	size *= count;
	curl_easy_getinfo(stream->handle, CURLINFO_RESPONSE_CODE, &status);
	/* What a service writes about an error is not of interest. */
	if (status != 200 || !size)
		return size;
	if (stream->is_other_coding) {
		stream->wrong = "is compressed in a way that was not asked for";
		return 0;
	}
	MD5Update(&stream->digest, (const unsigned char *)bytes, size);
	if (!stream->is_gzip)
		return append(stream, bytes, size) ? size : 0;
	if (!stream->is_begun && !begin_to_inflate(stream))
		return 0;
	return inflate_bytes(stream, bytes, size) ? size : 0;
}

/* Tells whether the body has the digest that came with it (RFC 1864): the text itself, or what was
 * sent of it, since not all services know that they are compressed on their way. */
static bool has_right_md5(struct stream *stream)
{
	unsigned char wanted[MD5_TEXT], sent[MD5_DIGEST_LENGTH], text[MD5_DIGEST_LENGTH];
	MD5_CTX digest;

	if (!stream->md5[0])
		return true;
	MD5Final(sent, &stream->digest);
	MD5Init(&digest);
	MD5Update(&digest, (const unsigned char *)stream->text, stream->length);
	MD5Final(text, &digest);
	return b64_pton(stream->md5, wanted, sizeof(wanted)) == MD5_DIGEST_LENGTH &&
	       (memcmp(wanted, sent, sizeof(sent)) == 0 || memcmp(wanted, text, sizeof(text)) == 0);
}

/* ---- Asking ---------------------------------------------------------------------------------- */

static bool out_of_memory(struct web *web)
{
	web->has_failed = true;
	return a2a_fault(web->log, NULL, "out of memory");
}

/* Sets what is the same for all questions. Returns false when libcurl cannot do it. */
static bool set_up(struct stream *stream)
{
	const struct a2a_leaks_web_order *order = stream->web->order;
	CURL *handle = stream->handle;
	const long patience = (long)order->patience;

	return curl_easy_setopt(handle, CURLOPT_PRIVATE, stream) == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS) == CURLE_OK &&
	       /* Wait for a connection that can be shared. */
	       curl_easy_setopt(handle, CURLOPT_PIPEWAIT, 1L) == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_USERAGENT, order->agent) == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, stream->error) == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_HEADERDATA, stream) == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_WRITEDATA, stream) == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS) ==
		       CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW) == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, patience) == CURLE_OK &&
	       curl_easy_setopt(handle, CURLOPT_TIMEOUT, 10 * patience) == CURLE_OK &&
	       (!order->certificates ||
		       curl_easy_setopt(handle, CURLOPT_CAINFO, order->certificates) == CURLE_OK);
}

/* The headers of a question. libcurl would decompress by itself, but takes what is cut for whole.
 */
static bool set_headers(struct stream *stream)
{
	const char *etag = stream->question.etag;
	char line[sizeof("If-None-Match: ") + A2A_LEAKS_MOST_ETAG];
	struct curl_slist *more;

	curl_slist_free_all(stream->headers);
	stream->headers = curl_slist_append(NULL, "Accept-Encoding: gzip");
	if (!stream->headers)
		return false;
	if (etag[0]) {
		snprintf(line, sizeof(line), "If-None-Match: %s", etag);
		more = curl_slist_append(stream->headers, line);
		if (!more)
			return false;
		stream->headers = more;
	}
	return curl_easy_setopt(stream->handle, CURLOPT_HTTPHEADER, stream->headers) == CURLE_OK;
}

static bool start(struct stream *stream)
{
	struct web *web = stream->web;
	char *url = NULL;
	bool ok = asprintf(&url, "%s%05X", web->order->url, stream->question.prefix) >= 0;

	if (!ok)
		return out_of_memory(web);
	begin_answer(stream);
	stream->error[0] = 0;
	ok = set_headers(stream) &&
	     curl_easy_setopt(stream->handle, CURLOPT_URL, url) == CURLE_OK &&
	     curl_multi_add_handle(web->multi, stream->handle) == CURLM_OK;
	free(url);
	if (!ok)
		return out_of_memory(web);
	stream->state = RUNNING;
	return true;
}

/* Starts what is due. Returns false, having reported, on a fault. */
static bool start_all(struct web *web)
{
	const double time = now();

	if (time < web->paused_until)
		return true;
	for (unsigned i = 0; i < web->order->streams; i++) {
		struct stream *stream = &web->stream[i];

		if (stream->state == FREE) {
			if (!web->asker->ask(web->asker->context, &stream->question))
				continue;
			stream->failures = 0;
		} else if (stream->state == RUNNING || stream->due > time) {
			continue;
		}
		if (!start(stream))
			return false;
	}
	return true;
}

/* ---- Answers --------------------------------------------------------------------------------- */

/* Asks again later; or ends all of it, when it was asked often enough. */
static void fail(struct stream *stream, const char *wrong)
{
	struct web *web = stream->web;

	web->traffic->failures++;
	stream->failures++;
	stream->state = WAITING;
	stream->due = now() + fmin(ldexp(FIRST_DELAY, (int)stream->failures - 1), MOST_DELAY);
	if (stream->failures < web->order->tries)
		return;
	if (!web->has_failed)
		a2a_fault(web->log, NULL, "%s%05X %s; it was asked %u times", web->order->url,
			stream->question.prefix, wrong, stream->failures);
	web->has_failed = true;
}

static void stop(struct stream *stream, const char *why)
{
	struct web *web = stream->web;

	if (!web->has_failed)
		a2a_fault(
			web->log, NULL, "%s%05X %s", web->order->url, stream->question.prefix, why);
	web->has_failed = true;
}

/* The service is asked too much. Waits as long as it says; all streams may be told at once. */
static void pause_all(struct stream *stream, long status)
{
	struct web *web = stream->web;
	curl_off_t after = 0;
	const double time = now();
	char why[A2A_LEAKS_WRONG];

	curl_easy_getinfo(stream->handle, CURLINFO_RETRY_AFTER, &after);
	stream->state = WAITING;
	stream->due = time;
	web->traffic->failures++;
	if (after > 0 && after <= MOST_PAUSE &&
		(time < web->paused_until || web->pauses < MOST_PAUSES)) {
		web->pauses += time >= web->paused_until;
		web->paused_until = fmax(web->paused_until, time + (double)after);
		return;
	}
	snprintf(why, sizeof(why),
		"answers %ld: the service is asked too much. Go on later, with fewer --streams",
		status);
	if (after > MOST_PAUSE)
		snprintf(why, sizeof(why),
			"answers %ld: the service is asked too much. Go on in %ld seconds", status,
			(long)after);
	stop(stream, why);
}

/* Says what is wrong with an answer of a status that is not that of success. */
static void refuse(struct stream *stream, long status)
{
	char why[A2A_LEAKS_WRONG];
	curl_off_t after = 0;

	curl_easy_getinfo(stream->handle, CURLINFO_RETRY_AFTER, &after);
	if (status == 429 || (status == 503 && after > 0)) {
		pause_all(stream, status);
	} else if (status == 403) {
		stop(stream, "answers 403: the service forbids it. Ask those who run it");
	} else {
		snprintf(why, sizeof(why), "answers %ld", status);
		fail(stream, why);
	}
}

/* Hands a good answer over. */
static void give(struct stream *stream, bool is_unchanged)
{
	struct web *web = stream->web;
	char wrong[A2A_LEAKS_WRONG] = "is wrong";
	const struct a2a_leaks_reply reply = {
		.prefix = stream->question.prefix,
		.is_unchanged = is_unchanged,
		.etag = stream->etag,
		.text = stream->text,
		.length = is_unchanged ? 0 : stream->length,
	};

	if (web->asker->take(web->asker->context, &reply, wrong)) {
		stream->state = FREE;
		web->traffic->answers++;
	} else {
		fail(stream, wrong);
	}
}

enum { MOST_WHY = A2A_LEAKS_WRONG + CURL_ERROR_SIZE };

/* Returns NULL, or what is wrong with how an answer came. */
static const char *find_wrong(
	struct stream *stream, CURLcode result, long status, char why[static MOST_WHY])
{
	/* When we refuse a body, libcurl says no more than that. */
	if (stream->wrong)
		return stream->wrong;
	if (result != CURLE_OK) {
		snprintf(why, MOST_WHY, "cannot be fetched: %s",
			stream->error[0] ? stream->error : curl_easy_strerror(result));
		return why;
	}
	if (status == 200 && stream->is_gzip && !stream->is_ended)
		return "was cut: its gzip data have no end";
	if (status == 200 && !has_right_md5(stream))
		return "was cut or changed: its Content-MD5 is another";
	return NULL;
}

static void end(struct stream *stream, CURLcode result)
{
	struct web *web = stream->web;
	char why[MOST_WHY];
	const char *wrong;
	curl_off_t bytes = 0;
	long status = 0;

	curl_multi_remove_handle(web->multi, stream->handle);
	curl_easy_getinfo(stream->handle, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(stream->handle, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
	web->traffic->bytes += (uint64_t)bytes;
	wrong = find_wrong(stream, result, status, why);
	if (wrong)
		fail(stream, wrong);
	else if (status == 200 || (status == 304 && stream->question.etag[0]))
		give(stream, status == 304);
	else
		refuse(stream, status);
}

/* Takes the answers that are there. Returns whether there were any. */
static bool end_all(struct web *web)
{
	struct stream *stream;
	CURLMsg *message;
	bool is_any = false;
	int left;

	while ((message = curl_multi_info_read(web->multi, &left))) {
		/* The message is gone with its handle. */
		const CURLcode result = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &stream);
		end(stream, result);
		is_any = true;
	}
	return is_any;
}

/* ---- The run --------------------------------------------------------------------------------- */

/* Returns whether anything is being asked or waits for it. */
static bool is_busy(const struct web *web)
{
	for (unsigned i = 0; i < web->order->streams; i++)
		if (web->stream[i].state != FREE)
			return true;
	return false;
}

/* Milliseconds until something is due, at most POLL_MILLISECONDS. */
static int until_due(const struct web *web)
{
	const double time = now();
	double due = time + POLL_MILLISECONDS / 1e3;

	for (unsigned i = 0; i < web->order->streams; i++)
		if (web->stream[i].state == WAITING)
			due = fmin(due, web->stream[i].due);
	due = fmax(due, fmin(web->paused_until, time + POLL_MILLISECONDS / 1e3));
	return due > time ? (int)((due - time) * 1e3) + 1 : 0;
}

static bool ask_all(struct web *web)
{
	int running;

	for (;;) {
		if (!web->asker->watch(web->asker->context))
			return false;
		if (!start_all(web))
			return false;
		if (!is_busy(web))
			return true;
		if (curl_multi_perform(web->multi, &running) != CURLM_OK)
			return out_of_memory(web);
		/* Streams that have become free ask at once. */
		if (!end_all(web))
			curl_multi_poll(web->multi, NULL, 0, until_due(web), NULL);
		if (web->has_failed)
			return false;
	}
}

static bool open_streams(struct web *web)
{
	const long streams = (long)web->order->streams;

	web->multi = curl_multi_init();
	web->stream = calloc(web->order->streams, sizeof(*web->stream));
	if (!web->multi || !web->stream)
		return out_of_memory(web);
	curl_multi_setopt(web->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)MOST_CONNECTIONS);
	curl_multi_setopt(web->multi, CURLMOPT_MAX_CONCURRENT_STREAMS, streams);
	for (unsigned i = 0; i < web->order->streams; i++) {
		struct stream *stream = &web->stream[i];

		stream->web = web;
		stream->handle = curl_easy_init();
		if (!stream->handle || !set_up(stream))
			return a2a_fault(web->log, NULL,
				"libcurl (%s) cannot do what is asked of it", curl_version());
	}
	return true;
}

static void close_streams(struct web *web)
{
	for (unsigned i = 0; web->stream && i < web->order->streams; i++) {
		struct stream *stream = &web->stream[i];

		if (stream->state == RUNNING)
			curl_multi_remove_handle(web->multi, stream->handle);
		curl_easy_cleanup(stream->handle);
		curl_slist_free_all(stream->headers);
		if (stream->has_inflater)
			inflateEnd(&stream->inflater);
		free(stream->text);
	}
	free(web->stream);
	curl_multi_cleanup(web->multi);
}

bool a2a_leaks_web_run(const struct a2a_leaks_web_order *order, const struct a2a_leaks_asker *asker,
	struct a2a_leaks_traffic *traffic, const struct a2a_log *log)
{
	struct web web = {.order = order, .asker = asker, .traffic = traffic, .log = log};
	double start;
	bool ok;

	*traffic = (struct a2a_leaks_traffic){0};
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return a2a_fault(log, NULL, "libcurl cannot be used");
	start = now();
	ok = open_streams(&web) && ask_all(&web);
	traffic->seconds = now() - start;
	close_streams(&web);
	curl_global_cleanup();
	return ok;
}
