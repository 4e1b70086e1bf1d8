// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/chat_turn.h"
#include "app/core/conversation.h"
#include "app/core/model.h"
#include "app/core/result.h"
#include "app/core/sampling.h"
#include "inference/protocol/state_messages.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// What a client and a worker say to each other (resources/formats/frames.md). Plain data, any thread.
// Texts are UTF-8. The comment after each name: who sends it, and what answers it.
namespace tramontane::protocol {

/// Raised whenever a frame changes its meaning or its fields.
inline constexpr int kProtocolVersion = 3;

/// Both, once, before anything else.
struct Hello {
    int version = kProtocolVersion;
    std::string build;
};

/// Client, once. LoadProgress, then Loaded or Failure.
struct Load {
    std::string path;                          // absolute
    std::optional<std::string> sha256Expected; // lower-case hex; a difference is ModelChanged
    std::optional<std::int64_t> bytesExpected;
    LoadOptions options;
    ModelKind kind = ModelKind::Chat;
};

struct LoadProgress {
    double fraction = 0; // 0 - 1
};

struct Loaded {
    LoadedModel model;
};

/// One turn of a conversation.
using Turn = ChatTurn;

/// Client. PromptProgress, Text, Reasoning, ToolCalled and Logprobs, then Done or Failure. If turns have images, the
/// pixels of distinctImages(turns) follow first, as bulk data without anything in between; the request begins when they
/// are there.
struct Generate {
    std::vector<Turn> turns;
    SamplingParameters sampling;
    /// Alone, from an empty memory, without guesses: repeats bit for bit.
    bool deterministic = false;
    bool reportTokenIds = false;
    /// Waits behind requests of people.
    bool background = false;
    /// Whose memory this is: a key of at most kMaxKeyBytes that means nothing to the worker; empty: nobody's. The newest
    /// answer of a key is what SaveState takes.
    std::string conversation;
    /// Take what is still in memory of the prompt's beginning. Off: for comparison with another engine.
    bool reusePrefix = true;
    /// Instead of `turns`: the prompt as token ids, for comparison with another engine.
    std::optional<std::vector<std::int32_t>> promptTokenIds;
    AnswerShape shape;
    /// Of those in LoadOptions::adapters, none twice. Empty: the model as it is.
    std::vector<AdapterScale> adapters;
};

struct PromptProgress {
    int done = 0;
    int total = 0;
};

struct Text {
    std::string text;
};

struct Reasoning {
    std::string text;
};

/// The tokens since the last frame of this kind, if they were asked for.
struct Logprobs {
    std::vector<TokenLogprob> tokens;
};

struct Done {
    MessageState state = MessageState::Complete;
    std::string stopReason; // "stop" | "length" | "cancelled"
    Usage usage;
    std::uint32_t seed = 0;
    std::optional<std::vector<std::int32_t>> promptTokenIds; // only if asked for
    std::optional<std::vector<std::int32_t>> answerTokenIds;
};

/// Client. Ends the request with the frame's id, whether it runs or waits; unknown ids are ignored.
struct Cancel {};

/// Client. Measured or Failure. Images count with their size; their pixels are not needed.
struct Measure {
    std::vector<Turn> turns;
    AnswerShape shape{};
};

struct Measured {
    int promptTokens = 0;
    int contextTokens = 0;
};

/// Client. Tokens or Failure. `parseSpecial`: control words become control tokens.
struct Tokenize {
    std::string text;
    bool parseSpecial = false;
};

struct Tokens {
    std::vector<std::int32_t> ids;
};

/// Client. Embedded and then Bulk frames, or Failure.
struct Embed {
    std::vector<std::string> texts;
    Normalisation normalisation{};
    int first = 0; // the number of the first text among all that were asked for; only errors name it
};

/// The vectors follow as bulk data: float32, little endian, row after row.
struct Embedded {
    int rows = 0;
    int dims = 0;
};

/// A piece of bulk data (bulk.h). `seq` counts from 0 within a request.
struct Bulk {
    std::uint64_t seq = 0;
    bool last = false;
    std::string data; // bytes, at most kMaxBulkBytes
};

/// The receiver of bulk data has taken this many bytes; as many more may be sent.
struct Credit {
    std::uint64_t bytes = 0;
};

/// Worker. Ends the request with the frame's id; id 0: the connection, and the worker ends.
struct Failure {
    Error error;
};

/// Client. The worker ends with status 0.
struct Quit {};

/// Worker. A whole call of a tool, in the order in which the model makes them; nothing runs it. Calls that an answer did
/// not end are not told.
struct ToolCalled {
    ToolCall call;
};

/// Client, id 0. Pong, id 0, from the thread that reads frames: the worker lives, whatever the model is at.
struct Ping {};

struct Pong {};

/// Client. Ranked or Failure.
struct Rerank {
    std::string query;
    std::vector<std::string> documents; // 1 - kMostRanked
    int first = 0;                      // as in Embed
};

/// How well each document answers the query, in the order of the documents: as the model gives it.
struct Ranked {
    std::vector<double> scores;
};

using Payload =
    std::variant<Hello, Load, LoadProgress, Loaded, Generate, PromptProgress, Text, Reasoning, Done, Cancel, Measure,
                 Measured, Tokenize, Tokens, Embed, Embedded, Bulk, Credit, Failure, Quit, Logprobs, SaveState, State,
                 RestoreState, Restored, ForgetState, ToolCalled, FindState, Ping, Pong, Rerank, Ranked>;

/// The name in the frame's field "t", e.g. "loadProgress".
[[nodiscard]] const char *typeName(const Payload &payload) noexcept;

/// Errors: EngineProtocol when the other side speaks another version; the message names both.
[[nodiscard]] Status checkHello(const Hello &hello);

} // namespace tramontane::protocol
