;; Answers every request with what it said, written by hand: the whole of ABI version 1 that an agent needs.
;; One page for the message that came in (at 0), one for the answer (at 65536). Offsets: kernel/contract/frame-layout.ts.
(module
  (import "caxton" "send" (func $send (param i32 i32) (result i32)))
  (memory (export "memory") 2 2)

  (func (export "caxton_abi_1"))

  ;; Room for a message of this length; 0 refuses it. The page begins at 8, because address 0 would mean refusal.
  (func (export "caxton_alloc") (param $length i32) (result i32)
    (select (i32.const 8) (i32.const 0) (i32.le_u (local.get $length) (i32.const 65528))))

  (func (export "caxton_handle") (param $in i32) (param $length i32) (result i32)
    (local $field i32) (local $content i32) (local $out i32) (local $size i32) (local $tag i32)
    ;; the platform speaks, or somebody says failure (7) or not-understood (11): answering would never end
    (if (i32.and (i32.load8_u offset=89 (local.get $in)) (i32.const 1)) (then (return (i32.const 0))))
    (if (i32.eq (i32.load8_u offset=5 (local.get $in)) (i32.const 7)) (then (return (i32.const 0))))
    (if (i32.eq (i32.load8_u offset=5 (local.get $in)) (i32.const 11)) (then (return (i32.const 0))))

    ;; header: as it came, but for act, receiver (the sender), deadline and flags
    (memory.copy (i32.const 65536) (local.get $in) (i32.const 96))
    (i32.store8 offset=5 (i32.const 65536)
      (select (i32.const 8) (i32.const 11) (i32.eq (i32.load8_u offset=5 (local.get $in)) (i32.const 19))))
    (i64.store offset=8 (i32.const 65536) (i64.load offset=16 (local.get $in)))
    (i64.store offset=48 (i32.const 65536) (i64.const 0))
    (i32.store8 offset=89 (i32.const 65536) (i32.const 0))

    ;; fields: reply-with (6) becomes in-reply-to (7), reply-to (8) becomes to (10); old ones of those two are left out
    (local.set $field (i32.add (local.get $in) (i32.const 96)))
    (local.set $content (i32.add (local.get $field) (i32.load offset=92 (local.get $in))))
    (local.set $out (i32.const 65632))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $field) (local.get $content)))
        (local.set $tag (i32.load16_u (local.get $field)))
        (local.set $size (i32.add (i32.load16_u offset=2 (local.get $field)) (i32.const 4)))
        (if (i32.and (i32.ne (local.get $tag) (i32.const 7)) (i32.ne (local.get $tag) (i32.const 10)))
          (then
            (memory.copy (local.get $out) (local.get $field) (local.get $size))
            (if (i32.eq (local.get $tag) (i32.const 6)) (then (i32.store16 (local.get $out) (i32.const 7))))
            (if (i32.eq (local.get $tag) (i32.const 8))
              (then
                (i32.store16 (local.get $out) (i32.const 10))
                (i64.store offset=8 (i32.const 65536) (i64.const 0))))
            (local.set $out (i32.add (local.get $out) (local.get $size)))))
        (local.set $field (i32.add (local.get $field) (local.get $size)))
        (br $next)))
    (i32.store offset=92 (i32.const 65536) (i32.sub (local.get $out) (i32.const 65632)))

    ;; content: as it came
    (local.set $size (i32.sub (i32.add (local.get $in) (local.get $length)) (local.get $content)))
    (memory.copy (local.get $out) (local.get $content) (local.get $size))
    (local.set $size (i32.sub (i32.add (local.get $out) (local.get $size)) (i32.const 65536)))
    (i32.store (i32.const 65536) (local.get $size))
    (i32.shr_s (call $send (i32.const 65536) (local.get $size)) (i32.const 31))))
