// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/chat_command.h"

#include "app/main/ctl/chat_images.h"
#include "app/main/ctl/commands.h"
#include "app/main/ctl/model_folders.h"
#include "app/main/ctl/projector_file.h"
#include "app/services/conversation_json.h"

#include <CLI/CLI.hpp>
#include <QString>
#include <QTimer>

#include <algorithm>

namespace tramontane::ctl {
namespace {

constexpr const char *kToken = "token";
constexpr const char *kReasoning = "reasoning";
// A script must not hang for as long as a disk is full. A person may end it before, with Ctrl+C.
constexpr int kGiveUpMs = 30'000;

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

/// The error that an answer ended with, if it did.
std::optional<Error> problemOf(const Message &answer)
{
    if (answer.state != MessageState::Failed && answer.state != MessageState::CutOff)
        return std::nullopt;
    const auto block = std::find_if(answer.blocks.rbegin(), answer.blocks.rend(),
                                    [](const Block &b) { return b.kind == BlockKind::Error; });
    if (block == answer.blocks.rend())
        return Error{ErrorCode::Internal, "The answer failed without a reason.", {}};
    return Error{errorCodeFromName(block->detail), block->text, {}};
}

std::string footer(const Message &answer, const Provenance &how)
{
    const QString line = QString("[%1 · %2 · %3 tokens, %4 tokens/s%5]")
                             .arg(text(how.modelName), text(how.device))
                             .arg(how.usage.answerTokens)
                             .arg(how.usage.tokensPerSecond, 0, 'f', 1)
                             .arg(answer.state == MessageState::Complete
                                      ? ""
                                      : QString(" · %1").arg(text(std::string(messageStateName(answer.state)))));
    return line.toStdString();
}

} // namespace

ChatCommand::ChatCommand(Context &context, ChatInput input) : VaultCommand(context), m_input(std::move(input)) {}

Status ChatCommand::prepare()
{
    if (m_input.text == "-" && context().options.passphraseDescriptor == 0)
        return Error{ErrorCode::Usage, "Standard input cannot give both the passphrase and the question.", {}};
    return readChatInput(m_input);
}

AskOptions ChatCommand::askOptions()
{
    AskOptions options;
    options.sampling = m_input.sampling;
    options.systemPrompt = m_input.systemPrompt;
    options.load = m_input.load;
    options.deterministic = m_input.deterministic;
    options.shape = m_input.shape;
    options.beginning = m_input.beginning;
    for (const AdapterWish &adapter : m_input.adapters)
        options.adapters.push_back({inModelFolders(adapter.path, context().parts.modelFolders()), adapter.scale});
    return options;
}

void ChatCommand::run(Session &session)
{
    AskOptions options = askOptions();
    if (!m_input.conversation.empty()) {
        const auto id = ConversationId::fromText(m_input.conversation);
        if (!id)
            return done(Error{ErrorCode::NotFound,
                              "Not sent: \"" + m_input.conversation + "\" is not the id of a conversation.",
                              {}});
        m_conversation = *id;
    }
    const Result<ModelRef> model = m_input.model.empty() ? session.models().defaultModel(ModelKind::Chat)
                                                         : session.models().resolve(m_input.model);
    if (failed(model))
        return;
    options.model = model->id;
    if (!m_input.draft.empty()) {
        const Result<ModelRef> draft = session.models().resolve(m_input.draft);
        if (failed(draft))
            return;
        options.draft = draft->id;
    }
    if (!m_input.images.empty() || !m_input.projector.empty())
        return look(session, std::move(options), model->path);
    ask(session, std::move(options));
}

/// Makes pixels of the images before anything is stored.
void ChatCommand::look(Session &session, AskOptions options, const std::string &modelPath)
{
    const auto projector = projectorFor(m_input.projector, modelPath, context().parts.modelFolders());
    if (failed(projector))
        return;
    whenReady(this,
              readChatImages(this, context().parts.images(), context().parts.inspector(), m_input.images, *projector),
              [this, &session, options = std::move(options)](const Result<ChatImages> &seen) mutable {
                  if (failed(seen))
                      return;
                  options.images = seen->images;
                  options.projector = seen->projector;
                  ask(session, std::move(options));
              });
}

void ChatCommand::ask(Session &session, AskOptions options)
{
    connectSignals(session.chat());
    if (m_input.goOn)
        return goOnWith(session, std::move(options));
    m_attempt = session.chat().ask(m_conversation, m_input.text, std::move(options));
}

/// The newest answer is made again, and begins with what it says.
void ChatCommand::goOnWith(Session &session, AskOptions options)
{
    whenReady(this, session.conversations().thread(m_conversation),
              [this, &session, options = std::move(options)](const Result<std::vector<Message>> &thread) mutable {
                  if (failed(thread))
                      return;
                  if (thread->empty() || thread->back().role != Role::Assistant)
                      return done(Error{ErrorCode::NotFound, "The conversation does not end with an answer.", {}});
                  options.beginning.clear();
                  for (const Block &block : thread->back().blocks)
                      options.beginning += block.kind == BlockKind::Text ? block.text : std::string();
                  m_attempt = session.chat().regenerate(m_conversation, thread->back().id, std::move(options));
              });
}

void ChatCommand::connectSignals(ChatService &chat)
{
    connect(&chat, &ChatService::questionStored, this,
            [this](AttemptId, const Conversation &conversation) { m_conversation = conversation.id; });
    connect(&chat, &ChatService::answerText, this,
            [this](AttemptId, MessageId, const std::string &t) { show(kToken, t); });
    connect(&chat, &ChatService::answerReasoning, this,
            [this](AttemptId, MessageId, const std::string &t) { show(kReasoning, t); });
    connect(&chat, &ChatService::answerToolCall, this,
            [this](AttemptId, MessageId, const ToolCall &call) { showCall(call); });
    connect(&chat, &ChatService::answerLogprobs, this,
            [this](AttemptId, const std::vector<TokenLogprob> &logprobs) { m_logprobs = toJson(logprobs); });
    connect(&chat, &ChatService::diskWaiting, this, [this](bool waiting) {
        m_waiting = waiting;
        flush();
        output().event({{"type", "disk"}, {"waiting", waiting}});
        if (waiting)
            output().note("[waiting for the disk; what came in the last second is not saved yet]");
    });
    connect(&chat, &ChatService::answerNotStored, this, [this, &chat](AttemptId attempt, const Error &error) {
        output().note("The answer is complete but not saved: " + error.message + " Trying again.");
        QTimer::singleShot(kGiveUpMs, &chat, [&chat, attempt] { chat.stop(attempt); });
    });
    connect(&chat, &ChatService::auditProblem, this, [this](const Error &error) { m_auditProblem = error; });
    connect(&chat, &ChatService::answerFinished, this,
            [this](AttemptId, const Message &answer, const std::optional<Provenance> &how) { answered(answer, how); });
    connect(&chat, &ChatService::attemptFailed, this,
            [this](AttemptId, const Error &error) { failedBeforeTheAnswer(error); });
}

void ChatCommand::show(const char *type, const std::string &text)
{
    m_held.emplace_back(type, text);
    flush();
}

void ChatCommand::showCall(const ToolCall &call)
{
    output().event(
        {{"type", "tool"}, {"id", text(call.id)}, {"name", text(call.name)}, {"arguments", text(call.arguments)}});
    output().note("[asks for the tool " + call.name + "]");
}

/// Text that is more than a second away from the disk is not shown before it is there (design.md section 3).
void ChatCommand::flush()
{
    if (m_waiting)
        return;
    for (const auto &[type, piece] : std::exchange(m_held, {})) {
        output().event({{"type", type}, {"text", text(piece)}});
        if (type == kToken) {
            output().text(piece);
            m_textShown = true;
        }
    }
    // Nobody reads it any more: the same as Ctrl+C.
    if (!output().writable())
        session().chat().stop(m_attempt);
}

void ChatCommand::answered(const Message &answer, const std::optional<Provenance> &provenance)
{
    m_waiting = false;
    flush();
    if (m_textShown)
        output().text("\n");
    const std::optional<Error> problem = problemOf(answer);
    QJsonObject last{{"type", problem ? "error" : "done"},
                     {"message", toJson(answer)},
                     {"conversation", text(m_conversation.text())},
                     {"usage", provenance ? QJsonValue(toJson(provenance->usage)) : QJsonValue()},
                     {"computation", provenance ? QJsonValue(computationJson(provenance->usage)) : QJsonValue()},
                     {"device", provenance ? QJsonValue(text(provenance->device)) : QJsonValue()},
                     {"provenance", provenance ? QJsonValue(toJson(*provenance)) : QJsonValue()}};
    if (!m_logprobs.isEmpty())
        last.insert("logprobs", m_logprobs);
    if (problem)
        last.insert("error", QJsonObject{{"code", text(std::string(errorName(problem->code)))},
                                         {"message", text(problem->message)}});
    output().event(last);
    if (provenance)
        output().note(footer(answer, *provenance));
    done(problem ? problem : m_auditProblem);
}

void ChatCommand::failedBeforeTheAnswer(const Error &error)
{
    m_held.clear(); // it is not on disk and never will be
    output().event(
        {{"type", "error"},
         {"conversation", m_conversation.isNull() ? QJsonValue() : QJsonValue(text(m_conversation.text()))},
         {"error", QJsonObject{{"code", text(std::string(errorName(error.code)))}, {"message", text(error.message)}}}});
    done(error);
}

void ChatCommand::interrupt()
{
    if (m_attempt.isNull())
        return VaultCommand::interrupt();
    session().chat().stop(m_attempt);
}

namespace {

void addFormOptions(CLI::App &chat, ChatInput &input)
{
    chat.add_option("--grammar", input.grammarFile, "Only answers that this GBNF grammar allows")->type_name("FILE");
    chat.add_option("--schema", input.schemaFile, "Only answers that are JSON and follow this JSON schema")
        ->type_name("FILE");
    chat.add_option("--tools", input.toolsFile, "What the model may ask for: a JSON array; nothing is run")
        ->type_name("FILE");
    chat.add_option("--tool-choice", input.toolChoice, "auto, none or required")
        ->check(CLI::IsMember({"auto", "none", "required"}));
    chat.add_option("--reasoning", input.shape.reasoningEffort, "How long to think: none, low, medium, high")
        ->check(CLI::IsMember({"none", "low", "medium", "high"}));
    chat.add_option("--begin-with", input.beginning, "The answer begins with this text")->type_name("S");
    chat.add_flag("--continue", input.goOn, "Go on with the newest answer of the conversation, as a new version of it");
    chat.add_option("--logprobs", input.sampling.logprobs, "Say how likely each token was, with N others (--json)")
        ->type_name("N")
        ->check(CLI::Range(0, 20));
    chat.add_option("--logit-bias", input.biases, "Make a token likelier or not; -100 forbids it; can be given again")
        ->type_name("TOKEN=BIAS")
        ->allow_extra_args(false);
}

void addLoadOptions(CLI::App &chat, ChatInput &input)
{
    chat.add_option("--context", input.load.contextTokens, "Context to load the model with, in tokens")
        ->type_name("N")
        ->check(CLI::Range(0, 16'777'216));
    chat.add_option("--threads", input.load.threads, "Processor threads")->type_name("N")->check(CLI::Range(0, 4096));
    chat.add_option("--kv-type", input.load.kvTypeK, "How exact the KV cache is: f16, q8_0, q4_0 …")->type_name("T");
    chat.add_option("--flash-attention", input.flashAttention, "Flash attention: auto (as is faster), on or off")
        ->check(CLI::IsMember({"auto", "on", "off"}));
    chat.add_option("--speculation", input.speculation, "Guess tokens from the conversation: off or prompt")
        ->check(CLI::IsMember({"off", "prompt"}));
    chat.add_option("--draft", input.draft, "Guess tokens with this smaller model of the same vocabulary")
        ->type_name("MODEL");
    chat.add_option("--adapter", input.adapterTexts,
                    "Change the model with this LoRA adapter, at this scale (1); can be given again")
        ->type_name("FILE[=SCALE]")
        ->allow_extra_args(false);
}

} // namespace

void addChatCommand(CLI::App &app, CommandFactory &chosen)
{
    const auto input = std::make_shared<ChatInput>();
    CLI::App *chat = app.add_subcommand("chat", "Ask a model; the answer streams to standard output");
    const auto *text = chat->add_option("TEXT", input->text, "The question; - reads it from standard input");
    chat->add_option("-m,--model", input->model, "Id, name or SHA-256 of a model, or a unique beginning")
        ->type_name("MODEL");
    chat->add_option("-c,--conversation", input->conversation, "Go on with this conversation")->type_name("ID");
    chat->add_option("--image", input->images, "Show the model this PNG or JPEG file; can be given again")
        ->type_name("FILE")
        ->allow_extra_args(false);
    chat->add_option("--projector", input->projector,
                     "What lets the model see images; without it the mmproj-*.gguf beside the model")
        ->type_name("FILE");
    chat->add_option("--system", input->systemPrompt, "System prompt of a new conversation")->type_name("S");
    SamplingParameters &sampling = input->sampling;
    chat->add_option("--seed", sampling.seed, "Seed of the random choice")->type_name("N");
    chat->add_option("--temperature", sampling.temperature, "0 (always the likeliest word) to 5")->type_name("T");
    chat->add_option("--top-p", sampling.topP, "0 to 1; 1 is off")->type_name("P");
    chat->add_option("--top-k", sampling.topK, "0 is off")->type_name("K");
    chat->add_option("--min-p", sampling.minP, "0 to 1; 0 is off")->type_name("P");
    chat->add_option("--repeat-penalty", sampling.repeatPenalty, "0.5 to 2; 1 is off")->type_name("R");
    chat->add_option("--max-tokens", sampling.maxTokens, "Longest answer")->type_name("N");
    chat->add_option("--stop", sampling.stop, "End the answer before this text; can be given again")
        ->type_name("S")
        ->allow_extra_args(false);
    addFormOptions(*chat, *input);
    addLoadOptions(*chat, *input);
    chat->add_flag("--deterministic", input->deterministic, "The same answer for the same seed, bit for bit; slower");
    chat->callback([&chosen, input, text] {
        if (text->count() == 0 && !input->goOn)
            throw CLI::RequiredError("TEXT");
        chosen = [input](Context &context) { return std::make_unique<ChatCommand>(context, *input); };
    });
}

} // namespace tramontane::ctl
