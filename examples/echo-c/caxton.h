/* What an agent in C needs of Caxton's ABI version 1. The layout of a frame: kernel/contract/frame-layout.ts. */
#ifndef CAXTON_H
#define CAXTON_H

#include <stdint.h>

#define CAXTON_EXPORT(name) __attribute__((export_name(#name)))
#define CAXTON_IMPORT(name) __attribute__((import_module("caxton"), import_name(#name)))

enum { CAXTON_FAILURE = 7, CAXTON_INFORM = 8, CAXTON_NOT_UNDERSTOOD = 11, CAXTON_REQUEST = 19 };
enum { CAXTON_FIELD_REPLY_WITH = 6, CAXTON_FIELD_IN_REPLY_TO = 7, CAXTON_FIELD_REPLY_TO = 8, CAXTON_FIELD_TO = 10,
  CAXTON_FIELD_TO_CAPABILITY = 12, CAXTON_FIELD_TO_TOPIC = 13, CAXTON_FIELD_EXPIRES = 14, CAXTON_FIELD_DELIVERY_KEY = 16 };
/* A sender may set the last two; with a field CAXTON_FIELD_EXPIRES, an int64 in milliseconds since the Unix epoch. */
enum { CAXTON_FLAG_PLATFORM = 1, CAXTON_FLAG_REDELIVERED = 2, CAXTON_FLAG_RECEIPT = 4, CAXTON_FLAG_EXPIRES = 8, CAXTON_FLAG_SHADOW = 32 };

typedef struct {
  uint32_t length;
  uint8_t format_version, act, delivery, priority;
  uint64_t receiver, sender;
  uint64_t message_epoch, message_counter;
  uint64_t conversation;
  int64_t deadline;
  uint32_t claim_epoch, sequence;
  uint8_t trace_id[16], span_id[8];
  uint8_t trace_flags, flags;
  uint16_t reserved;
  uint32_t field_bytes;
} caxton_frame;

_Static_assert(sizeof(caxton_frame) == 96, "the header of a frame has 96 bytes");

/* 0, or below zero why it was refused. The frame is copied; its buffer may be used again. */
CAXTON_IMPORT(send) int32_t caxton_send(const void *frame, uint32_t length);
/* Offers a capability: {"name":"sell"}; or no more: {"withdraw":"sell"}. */
CAXTON_IMPORT(register) int32_t caxton_register(const char *description, uint32_t length);
/* Receives what is published under a topic; with a '-' before it no more. */
CAXTON_IMPORT(subscribe) int32_t caxton_subscribe(const char *topic, uint32_t length);

#endif
