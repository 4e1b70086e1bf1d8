// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/chat_input.h"

#include "app/core/utf8.h"

#include <QFile>

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

} // namespace

Status readChatInput(ChatInput &input)
{
    if (!input.grammarFile.empty() && !input.schemaFile.empty())
        return Error{ErrorCode::Usage, "Not sent: an answer can follow a grammar or a schema, not both.", {}};
    if (const Status read = readFile(input.grammarFile, "grammar", input.sampling.grammar); !read)
        return read;
    if (const Status read = readFile(input.schemaFile, "schema", input.jsonSchema); !read)
        return read;
    if (input.text == "-") {
        QFile file;
        if (!file.open(stdin, QFile::ReadOnly))
            return Error{ErrorCode::Usage, "Not sent: standard input cannot be read.", {}};
        auto text = readText(file, "standard input");
        if (!text)
            return text.error();
        input.text = std::move(*text);
    } else if (!isUtf8(input.text)) {
        return Error{ErrorCode::InvalidArgument, "Not sent: the text is not UTF-8.", {}};
    }
    return {};
}

} // namespace tramontane::ctl
