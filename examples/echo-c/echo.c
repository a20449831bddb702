/* Answers every request with what it said. Built by `node scripts/build-examples.mjs` where clang and wasm-ld are present. */
#include "caxton.h"

typedef union {
  caxton_frame header;
  uint8_t bytes[65536];
} buffer;

static buffer incoming, outgoing;

CAXTON_EXPORT(caxton_abi_1) void abi(void) {}

CAXTON_EXPORT(caxton_alloc) void *alloc(uint32_t length) {
  return length <= sizeof incoming ? &incoming : 0;
}

/* Copies the fields that an answer keeps, and returns where the content goes. */
static uint8_t *copy_fields(const uint8_t *from, const uint8_t *end) {
  uint8_t *to = outgoing.bytes + sizeof(caxton_frame);
  for (uint32_t size; from < end; from += size) {
    size = 4 + (from[2] | from[3] << 8);
    uint8_t tag = from[0];
    if (tag == CAXTON_FIELD_IN_REPLY_TO || tag == CAXTON_FIELD_TO) continue;
    if (tag == CAXTON_FIELD_REPLY_WITH) tag = CAXTON_FIELD_IN_REPLY_TO;
    if (tag == CAXTON_FIELD_REPLY_TO) {
      tag = CAXTON_FIELD_TO;
      outgoing.header.receiver = 0;
    }
    __builtin_memcpy(to, from, size);
    to[0] = tag;
    to += size;
  }
  return to;
}

CAXTON_EXPORT(caxton_handle) int32_t handle(const caxton_frame *message, uint32_t length) {
  /* Answering these would never end. */
  if (message->act == CAXTON_FAILURE || message->act == CAXTON_NOT_UNDERSTOOD) return 0;
  if (message->flags & CAXTON_FLAG_PLATFORM) return 0;

  caxton_frame *answer = &outgoing.header;
  *answer = *message;
  answer->act = message->act == CAXTON_REQUEST ? CAXTON_INFORM : CAXTON_NOT_UNDERSTOOD;
  answer->receiver = message->sender;
  answer->deadline = 0;
  answer->flags = 0;

  const uint8_t *fields = (const uint8_t *)(message + 1);
  const uint8_t *content = fields + message->field_bytes;
  uint8_t *end = copy_fields(fields, content);
  answer->field_bytes = end - (uint8_t *)(answer + 1);
  uint32_t content_length = (const uint8_t *)message + length - content;
  __builtin_memcpy(end, content, content_length);
  answer->length = sizeof *answer + answer->field_bytes + content_length;
  return caxton_send(answer, answer->length) == 0 ? 0 : -1;
}
