// What the server offers to an agent: ABI version 1, module `caxton`. Only what is used becomes an import of the agent.
@external('caxton', 'send') export declare function hostSend (at: usize, length: i32): i32
@external('caxton', 'self') export declare function hostSelf (): u64
@external('caxton', 'lookup') export declare function hostLookup (at: usize, length: i32): u64
@external('caxton', 'register') export declare function hostRegister (at: usize, length: i32): i32
@external('caxton', 'subscribe') export declare function hostSubscribe (at: usize, length: i32): i32
@external('caxton', 'now') export declare function hostNow (): i64
@external('caxton', 'random') export declare function hostRandom (at: usize, length: i32): i32
@external('caxton', 'timer') export declare function hostTimer (milliseconds: i32, id: i32): i32
@external('caxton', 'log') export declare function hostLog (level: i32, at: usize, length: i32): void
@external('caxton', 'call') export declare function hostCall (at: usize, length: i32): i32
