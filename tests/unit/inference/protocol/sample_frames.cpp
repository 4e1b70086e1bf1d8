// SPDX-License-Identifier: Apache-2.0
#include "sample_frames.h"

namespace tramontane::protocol {

namespace {

LoadedModel sampleModel()
{
    LoadedModel model;
    model.description.name = "SmolLM2 135M Instruct";
    model.description.architecture = "llama";
    model.description.quantisation = "Q4_1";
    model.description.licence = "apache-2.0";
    model.description.sha256 = std::string(64, 'a');
    model.description.fileBytes = 98'250'560;
    model.description.parameters = 134'515'008;
    model.description.contextLength = 8192;
    model.description.layers = 30;
    model.description.embeddingLength = 576;
    model.description.vocabulary = 49152;
    model.description.hasTemplate = true;
    model.contextTokens = 4096;
    model.threads = 2;
    model.batchTokens = 2048;
    model.ubatchTokens = 512;
    model.flashAttention = true;
    model.parallel = 4;
    model.prefixReuse = "any";
    model.device = "CPU, 2 threads";
    model.deviceReason = "This build has no CUDA module.";
    model.layersTotal = 31;
    model.engineBuild = "llama.cpp 0.3.36";
    model.templateSha256 = std::string(64, 'b');
    model.loadMs = 321;
    model.adapters = {{"Style", std::string(64, 'e')}};
    model.projector = "idefics3";
    model.projectorSha256 = std::string(64, 'e');
    return model;
}

Generate sampleGenerate()
{
    Generate generate;
    generate.turns = {
        {Role::System, "Be brief."}, {Role::User, "Grüße, <|im_end|> 你好 🙂"}, {Role::Assistant, ""}};
    generate.sampling.stop = {"\n\n", "END"};
    generate.sampling.grammar = "root ::= \"yes\" | \"no\"";
    generate.sampling.seed = 7;
    generate.sampling.logitBias = {{49151, -100}, {7, 2.5}};
    generate.sampling.logprobs = 3;
    generate.background = true;
    generate.conversation = "0192f0c1-2345-7abc-8def-0123456789ab";
    generate.adapters = {{std::string(64, 'e'), 0.5}};
    return generate;
}

ChatTurn turnWithTools()
{
    ChatTurn turn{Role::Assistant, "Let me see."};
    turn.reasoning = "I need the weather.";
    turn.toolCalls = {{"abcDEF123", "weather", R"({"city":"Paris"})"}};
    return turn;
}

Generate sampleWithTools()
{
    ChatTurn question{Role::User, "Weather?"};
    question.documents = {{"A title", "[INST] <|im_end|>"}};
    question.images = {{640, 480, std::string(64, 'f')}, {1, 100, std::string(64, '0')}};
    ChatTurn result{Role::Tool, R"({"temp":21})"};
    result.toolCallId = "abcDEF123";
    result.toolName = "weather";
    ChatTurn begun{Role::Assistant, "It is"};
    begun.prefix = true;
    Generate generate;
    generate.turns = {question, turnWithTools(), result, begun};
    generate.shape.tools = {{"weather", "The weather.", R"({"type":"object"})"}};
    generate.shape.toolChoice = ToolChoice::Required;
    generate.shape.parallelToolCalls = false;
    generate.shape.jsonSchema = R"({"type":"object"})";
    generate.shape.reasoningEffort = "high";
    return generate;
}

Done sampleDone()
{
    Done done;
    done.state = MessageState::Length;
    done.stopReason = "length";
    done.usage = {41, 12, 90, 480, 25.5, 30, 11, 8, 5, 3};
    done.seed = 0xFFFFFFFE;
    return done;
}

} // namespace

std::vector<Frame> sampleFrames()
{
    Load plain{"/models/a.gguf", {}, {}, {}, ModelKind::Chat};
    Load checked{"/models/ü.gguf",
                 std::string(64, 'c'),
                 98'250'560,
                 {4096, 2, 512, 128, FlashAttention::Off, 8, "q8_0", "f16"},
                 ModelKind::Embedding};
    checked.options.speculation = Speculation::Draft;
    checked.options.draftPath = "/models/small.gguf";
    checked.options.draftSha256 = std::string(64, 'd');
    checked.options.pooling = Pooling::Cls;
    checked.options.adapters = {{"/models/style.gguf", std::string(64, 'e')}, {"/models/unchecked.gguf", {}}};
    checked.options.projectorPath = "/models/mmproj-ü.gguf";
    checked.options.projectorSha256 = std::string(64, 'e');
    checked.options.projectorBytes = 190'031'232;
    Generate byIds;
    byIds.promptTokenIds = std::vector<std::int32_t>{1, 23, 24, 49151};
    byIds.reportTokenIds = true;
    byIds.deterministic = true;
    byIds.reusePrefix = false;
    Done withIds = sampleDone();
    withIds.promptTokenIds = std::vector<std::int32_t>{1, 2, 300};
    withIds.answerTokenIds = std::vector<std::int32_t>{};
    return {{0, Hello{kProtocolVersion, "tramontane 0.1.0"}},
            {1, plain},
            {1, checked},
            {1, LoadProgress{0.25}},
            {1, Loaded{sampleModel()}},
            {2, sampleGenerate()},
            {3, byIds},
            {2, PromptProgress{512, 2048}},
            {2, Text{"Hello"}},
            {2, Reasoning{"Let me see."}},
            {2, sampleDone()},
            {3, withIds},
            {2, Cancel{}},
            {4, Measure{{{Role::User, "How long?"}}}},
            {4, Measured{12, 4096}},
            {5, Tokenize{"<|im_start|>", true}},
            {5, Tokens{{1}}},
            {6, Embed{{"one", "two"}}},
            {6, Embed{{"three"}, {Normalisation::Method::MaxAbs, 2}, 2}},
            {6, Embedded{2, 384}},
            {6, Bulk{0, false, std::string("\x00\x01\xFF\x80", 4)}},
            {6, Bulk{1, true, ""}},
            {6, Credit{4}},
            {7, Failure{{ErrorCode::ContextFull, "The question is too long.", "9000 of 4096 tokens"}}},
            {0, Quit{}},
            {2, Logprobs{{{{5, "\xF0\x9F", -0.25}, {{5, "\xF0\x9F", -0.25}, {9, "no", -3.5}}}}}},
            {8, SaveState{"c", {{std::string(64, 'e'), 0.5}}}},
            {8, State{{1, 2, 49151}, 98'304}},
            {9, RestoreState{"c", {{1}, 4}, {{std::string(64, 'e'), -1}}}},
            {9, Restored{1}},
            {10, ForgetState{"c"}},
            {10, FindState{"c"}},
            {0, Ping{}},
            {0, Pong{}},
            {11, sampleWithTools()},
            {11, ToolCalled{{"abcDEF124", "weather", R"({"city":"Lyon"})"}}},
            {12, Rerank{"Which one?", {"this", "that"}, 3}},
            {12, Ranked{{-1.5, 0.1}}}};
}

} // namespace tramontane::protocol
