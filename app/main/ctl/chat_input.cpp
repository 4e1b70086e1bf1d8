// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/chat_input.h"

#include "app/core/image.h"
#include "app/core/utf8.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <cstdio>

namespace tramontane::ctl {
namespace {

constexpr qint64 kLongestText = 4 * 1024 * 1024;

Result<std::string> readText(QFile &file, const std::string &name)
{
    const QByteArray bytes = file.read(kLongestText + 1);
    if (file.error() != QFileDevice::NoError)
        return Error{ErrorCode::Usage, "Not sent: " + name + " cannot be read.", {}};
    if (bytes.size() > kLongestText)
        return Error{ErrorCode::InvalidArgument, "Not sent: " + name + " holds more than 4 MiB.", {}};
    std::string text = bytes.toStdString();
    if (!isUtf8(text))
        return Error{ErrorCode::InvalidArgument, "Not sent: " + name + " is not UTF-8 text.", {}};
    return text;
}

/// Nothing when no file was named. An empty file is as bad as none: it would say nothing.
Status readFile(const std::string &name, const std::string &what, std::string &text)
{
    if (name.empty())
        return {};
    QFile file(QString::fromStdString(name));
    if (!file.open(QFile::ReadOnly))
        return Error{ErrorCode::Usage, "Not sent: the " + what + " file \"" + name + "\" cannot be read.", {}};
    auto read = readText(file, "the " + what + " file");
    if (!read)
        return read.error();
    if (read->empty())
        return Error{ErrorCode::GrammarInvalid, "Not sent: the " + what + " file is empty.", {}};
    text = std::move(*read);
    return {};
}

/// An array of objects with "name", "description" and "parameters" (a JSON schema), as chat interfaces write tools.
Status readTools(const std::string &name, std::vector<ToolDefinition> &tools)
{
    std::string json;
    if (const Status read = readFile(name, "tools", json); !read)
        return read;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    const Error refused{
        ErrorCode::InvalidArgument,
        "Not sent: the tools file must be a JSON array of objects with name, description and parameters.",
        {}};
    if (!name.empty() && !document.isArray())
        return refused;
    for (const auto &value : document.array()) {
        const QJsonObject tool = value.toObject();
        const QJsonValue parameters = tool.value("parameters");
        if (!tool.value("name").isString() || !(parameters.isObject() || parameters.isUndefined()))
            return refused;
        const QByteArray schema = QJsonDocument(parameters.toObject()).toJson(QJsonDocument::Compact);
        tools.push_back({tool.value("name").toString().toStdString(),
                         tool.value("description").toString().toStdString(),
                         parameters.isObject() ? schema.toStdString() : std::string()});
    }
    return {};
}

Status readBiases(const std::vector<std::string> &texts, std::vector<LogitBias> &biases)
{
    for (const std::string &text : texts) {
        const QStringList parts = QString::fromStdString(text).split('=');
        bool isToken = false;
        bool isBias = false;
        const int token = parts.value(0).toInt(&isToken);
        const double bias = parts.value(1).toDouble(&isBias);
        if (parts.size() != 2 || !isToken || !isBias)
            return Error{ErrorCode::Usage, "Not sent: \"" + text + "\" is not a token's number, =, and a bias.", {}};
        biases.push_back({token, bias});
    }
    return {};
}

/// What stands behind the last = is the scale, unless the file is called so.
Result<AdapterWish> adapterOf(const std::string &text)
{
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || QFile::exists(QString::fromStdString(text)))
        return AdapterWish{text, 1};
    bool isNumber = false;
    const double scale = QString::fromStdString(text.substr(equals + 1)).toDouble(&isNumber);
    if (!isNumber || equals == 0)
        return Error{
            ErrorCode::Usage, "Not sent: \"" + text + "\" is not an adapter's file, or a file, =, and a scale.", {}};
    return AdapterWish{text.substr(0, equals), scale};
}

Status readAdapters(const std::vector<std::string> &texts, std::vector<AdapterWish> &adapters)
{
    for (const std::string &text : texts) {
        auto adapter = adapterOf(text);
        if (!adapter)
            return adapter.error();
        adapters.push_back(std::move(*adapter));
    }
    return {};
}

Speculation speculationOf(const ChatInput &input)
{
    if (!input.draft.empty())
        return Speculation::Draft;
    return input.speculation == "prompt" ? Speculation::Prompt : Speculation::Off;
}

FlashAttention flashAttentionOf(const ChatInput &input)
{
    return input.flashAttention == "on"    ? FlashAttention::On
           : input.flashAttention == "off" ? FlashAttention::Off
                                           : FlashAttention::Auto;
}

Status readQuestion(std::string &question)
{
    if (question == "-") {
        QFile file;
        if (!file.open(stdin, QFile::ReadOnly))
            return Error{ErrorCode::Usage, "Not sent: standard input cannot be read.", {}};
        auto text = readText(file, "standard input");
        if (!text)
            return text.error();
        question = std::move(*text);
    } else if (!isUtf8(question)) {
        return Error{ErrorCode::InvalidArgument, "Not sent: the text is not UTF-8.", {}};
    }
    return {};
}

} // namespace

Status readChatInput(ChatInput &input)
{
    if (!input.grammarFile.empty() && !input.schemaFile.empty())
        return Error{ErrorCode::Usage, "Not sent: an answer can follow a grammar or a schema, not both.", {}};
    if (input.images.size() > kMostImages)
        return Error{
            ErrorCode::Usage, "Not sent: a question can show at most " + std::to_string(kMostImages) + " images.", {}};
    if (input.goOn && (input.conversation.empty() || !input.text.empty()))
        return Error{
            ErrorCode::Usage, "Not sent: --continue goes with a conversation (-c) and without a question.", {}};
    if (const Status read = readFile(input.grammarFile, "grammar", input.sampling.grammar); !read)
        return read;
    if (const Status read = readFile(input.schemaFile, "schema", input.shape.jsonSchema); !read)
        return read;
    if (const Status read = readTools(input.toolsFile, input.shape.tools); !read)
        return read;
    if (const Status read = readBiases(input.biases, input.sampling.logitBias); !read)
        return read;
    if (const Status read = readAdapters(input.adapterTexts, input.adapters); !read)
        return read;
    input.shape.toolChoice = toolChoiceFromName(input.toolChoice).value_or(ToolChoice::Auto);
    input.load.flashAttention = flashAttentionOf(input);
    input.load.speculation = speculationOf(input);
    input.load.kvTypeV = input.load.kvTypeK;
    if (!isUtf8(input.beginning))
        return Error{ErrorCode::InvalidArgument, "Not sent: the beginning of the answer is not UTF-8.", {}};
    return readQuestion(input.text);
}

} // namespace tramontane::ctl
