// SPDX-License-Identifier: Apache-2.0
// A worker that behaves as its script says. Beside the program lies "<program>.script": line n is for the n-th start
// (the last line for all later ones), with words such as "answer=die". What it did is appended to "<program>.log".
#include "inference/protocol/bulk.h"
#include "inference/protocol/frame.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <sstream>
#include <thread>

extern char **environ;

namespace {

using namespace tramontane;
using namespace tramontane::protocol;

class FakeWorker {
public:
    void log(const std::string &line) const;
    explicit FakeWorker(std::string program) : m_program(std::move(program)) { readScript(); }
    int serve();
    int inspect(const std::string &path);
    int plan(const std::vector<std::string> &given);
    int devices();

private:
    void readScript();
    [[nodiscard]] std::string word(const std::string &name) const;
    void hello();
    void take(const Frame &frame);
    void load(const Load &wish);
    void measure(std::uint64_t id, const Measure &message);
    void generate(std::uint64_t id, const Generate &message);
    void answer(std::uint64_t id, const std::string &text);
    void misbehave(std::uint64_t id, const std::string &how);
    void cancel(std::uint64_t id);
    void embed(std::uint64_t id, const Embed &message);
    void rerank(std::uint64_t id, const Rerank &message);
    void sendBulk(std::uint64_t id);
    void quit();

    static void send(std::uint64_t id, Payload payload) { raw(*encodeFrame({id, std::move(payload)})); }
    static void raw(const std::string &bytes)
    {
        std::fwrite(bytes.data(), 1, bytes.size(), stdout);
        std::fflush(stdout);
    }
    [[noreturn]] static void hang()
    {
        for (;;)
            std::this_thread::sleep_for(std::chrono::hours(1));
    }

    std::string m_program;
    std::map<std::string, std::string> m_words;
    std::vector<std::uint64_t> m_held;
    std::map<std::uint64_t, BulkSender> m_bulk;
};

const std::string kOversized = "\xFF\xFF\xFF\x7F";
// A mebibyte is to follow.
const std::string kLongFrame = std::string("\0\0\x10\0", 4);
const std::string kUnknownType = std::string("\x0B\0\0\0", 4) + "\xA2\x61t\x63zap\x62id\x02";

void FakeWorker::readScript()
{
    std::ifstream logged(m_program + ".log");
    std::size_t start = 0;
    for (std::string line; std::getline(logged, line);)
        start += line == "start" ? 1 : 0;
    log("start");
    std::ifstream script(m_program + ".script");
    std::string chosen;
    for (std::string line; std::getline(script, line);) {
        chosen = line;
        if (start-- == 0)
            break;
    }
    std::istringstream words(chosen);
    for (std::string each; words >> each;)
        m_words[each.substr(0, each.find('='))] = each.substr(each.find('=') + 1);
}

std::string FakeWorker::word(const std::string &name) const
{
    const auto found = m_words.find(name);
    return found == m_words.end() ? std::string("ok") : found->second;
}

void FakeWorker::log(const std::string &line) const
{
    std::ofstream(m_program + ".log", std::ios::app) << line << '\n';
}

int FakeWorker::serve()
{
    if (word("quit") == "ignore")
        std::signal(SIGTERM, SIG_IGN);
    hello();
    FrameReader reader;
    for (int byte = std::getchar();; byte = std::getchar()) {
        if (byte == EOF) {
            if (word("quit") == "ignore")
                hang();
            return 0;
        }
        const char one = static_cast<char>(byte);
        reader.feed(std::string_view(&one, 1));
        if (const auto frame = reader.next(); frame.ok() && frame.value())
            take(*frame.value());
    }
}

void FakeWorker::hello()
{
    const std::string how = word("hello");
    if (how == "none")
        hang();
    if (how == "exit")
        std::exit(7);
    if (how == "slow")
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
    if (how == "garbage")
        raw("Segmentation fault (core dumped)\n");
    if (how == "oversized")
        raw(kOversized);
    if (how == "other")
        send(0, Text{"hello"});
    if (how == "refuse")
        send(0, Failure{{ErrorCode::EngineUnavailable, "The sandbox cannot be closed.", "seccomp"}});
    send(0, Hello{how == "version" ? kProtocolVersion + 1 : kProtocolVersion, "fake"});
}

void FakeWorker::take(const Frame &frame)
{
    if (const auto *wish = std::get_if<Load>(&frame.payload))
        load(*wish);
    else if (const auto *generation = std::get_if<Generate>(&frame.payload))
        generate(frame.id, *generation);
    else if (std::get_if<Cancel>(&frame.payload))
        cancel(frame.id);
    else if (const auto *measured = std::get_if<Measure>(&frame.payload))
        measure(frame.id, *measured);
    else if (const auto *texts = std::get_if<Embed>(&frame.payload))
        embed(frame.id, *texts);
    else if (const auto *ranking = std::get_if<Rerank>(&frame.payload))
        rerank(frame.id, *ranking);
    else if (const auto *credit = std::get_if<Credit>(&frame.payload)) {
        log("credit");
        (void)m_bulk.at(frame.id).addCredit(*credit);
        sendBulk(frame.id);
    } else if (std::get_if<Ping>(&frame.payload) && word("ping") != "silent") {
        if (word("ping") == "counted")
            log("ping");
        send(0, Pong{});
    } else if (std::get_if<Quit>(&frame.payload))
        quit();
}

void FakeWorker::load(const Load &wish)
{
    const std::string how = word("load");
    if (how == "crash")
        std::abort();
    if (how == "killed")
        (void)std::raise(SIGKILL);
    if (how == "hang")
        hang();
    if (how == "other")
        return send(1, Done{});
    if (how == "truncated")
        return send(1, Failure{{ErrorCode::ModelTruncated, "The file ends too early.", "tensor 3"}});
    send(1, LoadProgress{0.25});
    send(1, LoadProgress{0.75});
    LoadedModel model;
    model.description.name = "Fake";
    model.description.sha256 = how == "sum" ? std::string(64, 'e') : wish.sha256Expected.value_or("");
    model.description.fileBytes = wish.bytesExpected.value_or(0) + (how == "bytes" ? 1 : 0);
    model.contextTokens = 2048;
    model.device = "CPU, 1 thread";
    for (const AdapterFile &adapter : wish.options.adapters)
        model.adapters.push_back({"Style", how == "adapters" ? std::string(64, 'e') : adapter.sha256});
    send(1, Loaded{model});
}

void FakeWorker::measure(std::uint64_t id, const Measure &message)
{
    const std::string how = word("measure");
    const int huge = std::numeric_limits<int>::max();
    Measured measured{static_cast<int>(message.turns.size()), 2048};
    if (how == "negative" || how == "huge")
        measured.promptTokens = how == "huge" ? huge : -1;
    if (how == "no-context" || how == "huge-context")
        measured.contextTokens = how == "huge-context" ? huge : 0;
    send(id, measured);
}

void FakeWorker::generate(std::uint64_t id, const Generate &message)
{
    const std::string how = word("answer");
    if (how == "ok")
        return answer(id, message.turns.empty() ? "" : message.turns.back().text);
    if (how == "reverse") {
        m_held.push_back(id);
        if (m_held.size() == 3) {
            for (auto held = m_held.rbegin(); held != m_held.rend(); ++held)
                answer(*held, std::to_string(*held));
        }
        return;
    }
    if (how == "surroundings") {
        std::string all = "cwd=" + std::filesystem::current_path().string();
        for (char **entry = environ; *entry != nullptr; ++entry)
            all += "\n" + std::string(*entry);
        return answer(id, all);
    }
    if (how == "failure")
        return send(id, Failure{{ErrorCode::ContextFull, "The conversation is longer than the model can read.", {}}});
    send(id, Text{"one "});
    misbehave(id, how);
}

void FakeWorker::answer(std::uint64_t id, const std::string &text)
{
    send(id, PromptProgress{1, 2});
    send(id, PromptProgress{2, 2});
    send(id, Reasoning{"hm"});
    const std::size_t half = text.find_last_of("abcdefghijklmnopqrstuvwxyz "); // never inside a character
    send(id, Text{text.substr(0, half)});
    if (half != std::string::npos)
        send(id, Text{text.substr(half)});
    send(id, Done{MessageState::Complete, "stop", Usage{2, 2, 1, 2, 50}, 7});
}

void FakeWorker::misbehave(std::uint64_t id, const std::string &how)
{
    if (how == "die")
        std::abort();
    if (how == "exit")
        std::exit(3);
    if (how == "talk-and-die") {
        std::fputs("user asked: MARKER-IN-PROMPT\n  what():  MARKER-IN-EXCEPTION\ntramontane-engine: out of memory\n",
                   stderr);
        std::fflush(stderr);
        std::abort();
    }
    if (how == "garbage")
        raw("\x05\1\2\3\4\5\6\7 no frame at all");
    if (how == "oversized")
        raw(kOversized);
    if (how == "unfinished")
        raw(kLongFrame + "and so on");
    if (how == "late") {
        const std::string frame = *encodeFrame({id, Text{"two"}});
        raw(frame.substr(0, 5));
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        raw(frame.substr(5));
    }
    if (how == "unknown")
        raw(kUnknownType);
    if (how == "foreign")
        send(999, Text{"whose?"});
    if (how == "zero")
        send(0, Text{"whose?"});
    if (how == "wrong")
        send(id, Tokens{});
    if (how == "hello")
        send(0, Hello{});
    if (how == "load")
        send(1, Loaded{});
    if (how == "confess") {
        send(0, Failure{{ErrorCode::EngineStopped, "The device was lost.", "device lost"}});
        std::exit(1);
    }
    while (how == "flood")
        send(id, Text{std::string(65536, 'x')});
    while (how == "flood-progress")
        send(id, PromptProgress{1, 2});
    while (how == "flood-empty")
        send(id, Text{});
    if (how == "bad-tokens")
        send(id, Done{MessageState::Complete, "stop", Usage{2, -2, 1, 2, 50}, 7});
    if (how == "bad-count")
        send(id, Done{MessageState::Complete, "stop", Usage{std::numeric_limits<int>::max(), 2, 1, 2, 50}, 7});
    if (how == "bad-time")
        send(id, Done{MessageState::Complete, "stop", Usage{2, 2, 1, std::numeric_limits<std::int64_t>::max(), 50}, 7});
    if (how == "bad-speed")
        send(id, Done{MessageState::Complete, "stop", Usage{2, 2, 1, 2, -50}, 7});
    if (how == "flood-late") {
        send(id, Done{});
        for (;;)
            send(id, Text{"x"});
    }
    if (how == "inside") {
        raw(std::string("\x40\0\0\0half", 8));
        std::exit(0);
    }
    if (how == "deaf")
        hang();
}

void FakeWorker::cancel(std::uint64_t id)
{
    log("cancel");
    send(id, Text{"late"});
    send(id, Done{MessageState::Stopped, "cancelled"});
    send(id, Text{"too late"});
    m_words["answer"] = "ok";
}

void FakeWorker::embed(std::uint64_t id, const Embed &message)
{
    const std::string how = word("embed");
    if (how == "die")
        std::abort();
    log("embed");
    const int dims = how == "wide" || how == "greedy" ? 65536 : 2;
    const int rows = static_cast<int>(message.texts.size()) + (how == "rows" ? 1 : 0);
    send(id, Embedded{rows, how == "dims" ? 1 << 30 : dims});
    std::string bytes(static_cast<std::size_t>(rows) * static_cast<std::size_t>(dims) * sizeof(float), '\0');
    for (int row = 0; row < rows; ++row) {
        float value = static_cast<float>(message.texts[static_cast<std::size_t>(row)].size());
        if (how == "infinite")
            value = std::numeric_limits<float>::infinity();
        std::memcpy(bytes.data() + static_cast<std::size_t>(row * dims) * sizeof(float), &value, sizeof value);
    }
    if (how == "short")
        bytes.resize(bytes.size() - sizeof(float));
    if (how == "greedy") {
        for (std::uint64_t seq = 0;; ++seq)
            send(id, Bulk{seq, false, std::string(kMaxBulkBytes, '\0')});
    }
    for (std::uint64_t seq = 0; how == "empty"; ++seq)
        send(id, Bulk{seq, false, {}});
    m_bulk.emplace(id, BulkSender(std::move(bytes)));
    sendBulk(id);
}

/// The score of a document is its length, made smaller by the number of the first one.
void FakeWorker::rerank(std::uint64_t id, const Rerank &message)
{
    const std::string how = word("embed");
    log("rerank");
    Ranked ranked;
    for (const std::string &document : message.documents)
        ranked.scores.push_back(static_cast<double>(document.size()) - message.first);
    if (how == "rows")
        ranked.scores.push_back(0);
    if (how == "infinite")
        ranked.scores.front() = std::numeric_limits<double>::max();
    send(id, std::move(ranked));
}

void FakeWorker::sendBulk(std::uint64_t id)
{
    while (auto piece = m_bulk.at(id).next())
        send(id, std::move(*piece));
}

void FakeWorker::quit()
{
    if (word("quit") == "ignore")
        return;
    log("quit");
    std::exit(0);
}

int FakeWorker::plan(const std::vector<std::string> &given)
{
    const std::string how = word("plan");
    std::string all;
    for (const std::string &word : given)
        all += (all.empty() ? "" : " ") + word;
    log(all);
    std::string json =
        R"({"contextTokens":4096,"parallel":2,"kvType":"q8_0","layers":0,"layersTotal":31,"trainedContext":8192,)"
        R"("neededBytes":10,"recommendedContext":8192,"recommendedLayers":0,"devices":[{"name":"CPU","kind":"cpu",)"
        R"("totalBytes":100,"freeBytes":50,"weightBytes":1,"kvBytes":2,"computeBytes":3,"programBytes":4,"neededBytes":10}]})";
    const auto replace = [&json](const std::string &from, const std::string &to) {
        json.replace(json.find(from), from.size(), to);
    };
    if (how == "error")
        json = R"({"error":{"code":"MODEL_TOO_LARGE","message":"It needs 5 GiB.","detail":"CPU"}})";
    if (how == "crash")
        std::abort();
    if (how == "sum")
        replace(R"("weightBytes":1)", R"("weightBytes":2)");
    if (how == "total")
        replace(R"("neededBytes":10,"rec)", R"("neededBytes":11,"rec)");
    if (how == "huge")
        replace(R"("weightBytes":1)", R"("weightBytes":9000000000000000000)");
    if (how == "none")
        json.replace(json.find("[{"), std::string::npos, "[]}");
    if (how == "kind")
        replace(R"("kind":"cpu")", R"("kind":"tpu")");
    raw(json + "\n");
    return how == "error" ? 1 : 0;
}

int FakeWorker::inspect(const std::string &path)
{
    const std::string how = word("inspect");
    log(path);
    if (how == "crash")
        std::abort();
    if (how == "hang")
        hang();
    if (how == "silent")
        return 0;
    while (how == "huge")
        raw(std::string(65536, ' '));
    const std::string sum(64, 'a');
    std::string json =
        R"({"name":"Fake","architecture":"llama","quantisation":"Q4_1","licence":"","sha256":")" + sum
        + R"(","kind":"chat","fileBytes":5000000000,"parameters":134515008,"contextLength":2048,"layers":30,)"
          R"("embeddingLength":576,"vocabulary":49152,"hasTemplate":true,"facts":{"baseName":"fake","weightType":"Q4_1",)"
          R"("tokenizer":"gpt2","tokenizerVariant":"smollm","templateSha256":"","pooling":"none","memory":"attention",)"
          R"("memoryCanBeCut":false,"slidingWindow":4096,"heads":9,"kvHeads":3,"experts":0,"expertsUsed":0,)"
          R"("tensors":272,"files":1,"projector":"","ggufVersion":3,"adapterRank":0}})";
    const auto replace = [&json](const std::string &from, const std::string &to) {
        json.replace(json.find(from), from.size(), to);
    };
    if (how == "error")
        json = R"({"error":{"code":"MODEL_TRUNCATED","message":"The end is missing.","detail":"tensor 3"}})";
    if (how == "text")
        json = "Segmentation fault";
    if (how == "twice")
        json += json;
    if (how == "unknown")
        replace("{", R"({"extra":1,)");
    if (how == "missing")
        replace(R"("layers":30,)", "");
    if (how == "window")
        replace("4096", "-1");
    if (how == "facts")
        replace(R"("ggufVersion":3)", R"("ggufVersion":3,"more":1)");
    if (how == "kind")
        replace("\"chat\"", "\"other\"");
    if (how == "sum")
        replace(sum, "aa");
    if (how == "negative")
        replace("30", "-30");
    if (how == "fraction")
        replace("30", "30.5");
    if (how == "large")
        replace("30", "1e300");
    if (how == "name")
        replace("Fake", "\\u001b[31mRed\\u202eder" + std::string(5000, 'x'));
    raw(json);
    return how == "error" ? 1 : 0;
}

int FakeWorker::devices()
{
    const std::string how = word("devices");
    if (how == "crash")
        std::abort();
    raw(how == "text" ? "none" : R"({"devices":[{"name":"CPU"}]})");
    return 0;
}

} // namespace

int main(int count, char **arguments)
{
    const std::string mode = count > 1 ? arguments[1] : "";
    FakeWorker worker(arguments[0]);
    if (count > 3 && std::string(arguments[count - 2]) == "--require") {
        worker.log("require " + std::string(arguments[count - 1]));
        count -= 2;
    }
    if (mode == "--serve" && count == 2)
        return worker.serve();
    if (mode == "--plan" && count >= 3)
        return worker.plan(std::vector<std::string>(arguments + 2, arguments + count));
    if (mode == "--inspect" && count == 3)
        return worker.inspect(arguments[2]);
    if (mode == "--devices" && count == 2)
        return worker.devices();
    return 2;
}
