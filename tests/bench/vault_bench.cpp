// SPDX-License-Identifier: Apache-2.0
// The vault beside plain SQLite of the same version and schema, in turns, and one very long conversation. JSON; times in
// milliseconds, by the clock and of the processor: on a busy machine only the second can be compared. Databases that lie
// in the folder already are used as they are. usage: vault_bench FOLDER MESSAGES CONVERSATIONS ROUNDS
#include "tests/bench/bench_content.h"
#include "tests/bench/bench_vault.h"
#include "tests/bench/vault_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <map>

using namespace tramontane;
using namespace tramontane::bench;
using nlohmann::json;

namespace {

constexpr int kSingles = 100;

using Times = std::vector<double>;

struct Taken {
    double wall = 0;
    double cpu = 0; // of all threads
};

Taken timeOf(const std::function<void()> &work)
{
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t began = std::clock();
    work();
    const std::clock_t ended = std::clock();
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
    return {wall.count(), 1000.0 * double(ended - began) / CLOCKS_PER_SEC};
}

struct Both {
    Times wall[2]; // plain, encrypted
    Times cpu[2];
};

double quantile(Times times, double part)
{
    std::ranges::sort(times);
    return times.empty() ? 0 : times[std::min(times.size() - 1, static_cast<std::size_t>(part * double(times.size())))];
}

double ratio(const Times (&times)[2])
{
    return quantile(times[1], 0.5) / std::max(0.001, quantile(times[0], 0.5));
}

json summary(const Both &both)
{
    json out{{"count", both.wall[0].size()}, {"ratio", ratio(both.wall)}, {"cpu_ratio", ratio(both.cpu)}};
    for (const bool encrypted : {false, true}) {
        const std::string name = encrypted ? "encrypted" : "plain";
        out[name + "_p50"] = quantile(both.wall[encrypted], 0.5);
        out[name + "_p95"] = quantile(both.wall[encrypted], 0.95);
        out[name + "_most"] = quantile(both.wall[encrypted], 1);
        out[name + "_cpu"] = quantile(both.cpu[encrypted], 0.5);
    }
    return out;
}

void append(Both &all, const Both &some)
{
    for (const bool encrypted : {false, true}) {
        all.wall[encrypted].insert(all.wall[encrypted].end(), some.wall[encrypted].begin(), some.wall[encrypted].end());
        all.cpu[encrypted].insert(all.cpu[encrypted].end(), some.cpu[encrypted].begin(), some.cpu[encrypted].end());
    }
}

/// The same work on both, in turns; who comes first changes.
class Pair {
public:
    Pair(const std::filesystem::path &folder, const std::string &name)
        : m_encrypted(folder / (name + ".encrypted.db"), true), m_plain(folder / (name + ".plain.db"), false)
    {
    }
    void time(const std::string &what, const std::function<void(BenchVault &)> &work)
    {
        m_turn = !m_turn;
        for (const bool encrypted : {m_turn, !m_turn}) {
            const Taken taken = timeOf([&] { work(encrypted ? m_encrypted : m_plain); });
            m_times[what].wall[encrypted].push_back(taken.wall);
            m_times[what].cpu[encrypted].push_back(taken.cpu);
        }
    }
    [[nodiscard]] BenchVault &encrypted() { return m_encrypted; }
    [[nodiscard]] json results()
    {
        json out;
        Both searches;
        for (const auto &[what, times] : m_times) {
            out[what] = summary(times);
            if (what.starts_with("search: "))
                append(searches, times);
        }
        out["search"] = summary(searches);
        out["bytes"] = {{"encrypted", m_encrypted.fileBytes()}, {"plain", m_plain.fileBytes()}};
        return out;
    }

private:
    BenchVault m_encrypted;
    BenchVault m_plain;
    bool m_turn = false;
    std::map<std::string, Both> m_times;
};

void fill(Pair &pair, const Content &content)
{
    const auto write = [](BenchVault &vault, auto task) { must(vault.database().write(std::move(task)).result()); };
    pair.time("insert all conversations", [&](BenchVault &vault) {
        write(vault, [&](sqlite::Connection &c) { return insertConversations(c, content.conversations); });
    });
    for (std::size_t from = 0; from < content.messages.size(); from += kBatch) {
        pair.time("insert 1000 messages", [&](BenchVault &vault) {
            write(vault, [&](sqlite::Connection &c) { return insertMessages(c, content.messages, from); });
        });
    }
    pair.time("show leaves", [&](BenchVault &vault) {
        write(vault, [&](sqlite::Connection &c) { return showLeaves(c, content.conversations); });
    });
}

/// As the chat writes it: question, stream parts, answer, each durable before the next.
void ask(BenchVault &vault, const Conversation &conversation, const std::string &text, const std::string &answer)
{
    QuestionToStore question;
    const std::int64_t now = conversation.updatedMs + 1;
    question.attempt = AttemptId::make(now);
    question.conversation = conversation;
    question.question = Message{.id = MessageId::make(now),
                                .conversation = conversation.id,
                                .parent = must(vault.conversations().find(conversation.id).result()).leaf,
                                .role = Role::User,
                                .createdMs = now};
    question.question->blocks.push_back({BlockKind::Text, text, {}});
    question.answer = MessageId::make(now);
    question.answerParent = question.question->id;
    question.nowMs = now;
    must(vault.conversations().storeQuestion(question).result());
    must(vault.conversations().appendStreamParts({{question.answer, 0, BlockKind::Text, answer}}).result());
    AnswerToStore stored{question.attempt, *question.question, Provenance{.modelName = "bench"}};
    stored.message.id = question.answer;
    stored.message.parent = question.answerParent;
    stored.message.role = Role::Assistant;
    stored.message.blocks = {{BlockKind::Text, answer, {}}};
    must(vault.conversations().storeAnswer(stored).result());
    vault.conversations().settle(question.attempt, {});
}

struct Kind {
    std::string name;
    std::function<SearchQuery(Words &)> make;
};

std::string phraseFrom(Words &words, const Content &content)
{
    const std::string &text =
        content.messages[static_cast<std::size_t>(words.number(0, int(content.messages.size()) - 1))].blocks[0].text;
    const auto first = text.find(' ');
    return "\"" + text.substr(0, text.find(' ', first + 1)) + "\"";
}

std::vector<Kind> kindsOfQuery(const Content &content)
{
    const auto ranked = [](Words &w, int low, int high) { return w.ranked(w.number(low, high)); };
    return {
        {"search: rare word", [=](Words &w) { return SearchQuery{.text = ranked(w, 5000, 25'000)}; }},
        {"search: usual word", [=](Words &w) { return SearchQuery{.text = ranked(w, 200, 5000)}; }},
        {"search: frequent word", [=](Words &w) { return SearchQuery{.text = ranked(w, 20, 200)}; }},
        {"search: word in most messages", [=](Words &w) { return SearchQuery{.text = ranked(w, 0, 5)}; }},
        {"search: two words",
         [=](Words &w) { return SearchQuery{.text = ranked(w, 50, 1000) + " " + ranked(w, 50, 1000)}; }},
        {"search: phrase", [&](Words &w) { return SearchQuery{.text = phraseFrom(w, content)}; }},
        {"search: beginning of 4 letters",
         [=](Words &w) { return SearchQuery{.text = ranked(w, 200, 5000).substr(0, 4) + "*"}; }},
        {"search: beginning of 2 letters",
         [=](Words &w) { return SearchQuery{.text = ranked(w, 200, 5000).substr(0, 2) + "*"}; }},
        {"search: usual word, a month",
         [=, &content](Words &w) {
             const std::int64_t from = kStartMs + w.number(0, int(content.messages.size()) - 1) * kStepMs;
             return SearchQuery{.text = ranked(w, 50, 2000), .fromMs = from, .untilMs = from + 30LL * 86'400'000};
         }},
    };
}

void read(Pair &pair, Words &words, const Content &content, int rounds)
{
    for (int round = 0; round < rounds; ++round) {
        pair.time("open and list all conversations", [&](BenchVault &vault) {
            vault.reopen();
            must(vault.conversations().list(0, 0).result());
        });
        pair.time("list all conversations", [](BenchVault &vault) { must(vault.conversations().list(0, 0).result()); });
        pair.time("list 50 conversations", [](BenchVault &vault) { must(vault.conversations().list(50, 0).result()); });
    }
    for (int i = 0; i < 60 * rounds; ++i) {
        const auto &one =
            content.conversations[static_cast<std::size_t>(words.number(0, int(content.conversations.size()) - 1))];
        pair.time("read a conversation",
                  [&](BenchVault &vault) { must(vault.conversations().thread(one.id, {}).result()); });
        pair.time("read the last 200 messages",
                  [&](BenchVault &vault) { must(vault.conversations().threadPart(one.id, {}).result()); });
    }
    for (int i = 0; i < 20 * rounds; ++i) {
        for (const Kind &kind : kindsOfQuery(content)) {
            const SearchQuery query = kind.make(words);
            pair.time(kind.name, [&](BenchVault &vault) { must(vault.conversations().search(query).result()); });
        }
    }
}

void write(Pair &pair, Words &words, const Content &content)
{
    for (int i = 0; i < kSingles; ++i) {
        const auto &one =
            content.conversations[static_cast<std::size_t>(words.number(0, int(content.conversations.size()) - 1))];
        const std::string text = words.text(20);
        const std::string answer = words.text(120);
        pair.time("write a question and its answer, three commits",
                  [&](BenchVault &vault) { ask(vault, one, text, answer); });
    }
}

json measure(const std::filesystem::path &folder, const std::string &name, int messages, int conversations, int rounds)
{
    Words words(4711);
    Content content = makeContent(words, messages, conversations);
    Pair pair(folder, name);
    auto stored = must(pair.encrypted().conversations().list(0, 0).result());
    if (stored.empty())
        fill(pair, content);
    else
        content.conversations = std::move(stored);
    read(pair, words, content, rounds);
    write(pair, words, content);
    return pair.results();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 5 || !initCrypto())
        return 2;
    const std::filesystem::path folder = argv[1];
    const int messages = std::atoi(argv[2]);
    const int rounds = std::atoi(argv[4]);
    const json out{{"messages", messages},
                   {"many", measure(folder, "many", messages, std::atoi(argv[3]), rounds)},
                   {"one", measure(folder, "one", messages, 1, std::max(1, rounds / 5))}};
    std::puts(out.dump(1).c_str());
    return 0;
}
