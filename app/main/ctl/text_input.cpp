// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/text_input.h"

#include "app/core/utf8.h"

#include <QFile>

#include <cstdio>

namespace tramontane::ctl {
namespace {

constexpr qint64 kMostBytes = 64 * 1024 * 1024;
constexpr std::size_t kMostTexts = 100'000;
constexpr std::size_t kLongestText = 4 * 1024 * 1024; // one fits into a frame for the engine

Error refused(std::string why)
{
    return {ErrorCode::InvalidArgument, "Nothing was run: " + std::move(why), {}};
}

Status readLines(std::vector<std::string> &texts)
{
    QFile file;
    if (!file.open(stdin, QFile::ReadOnly))
        return Error{ErrorCode::Usage, "Nothing was run: standard input cannot be read.", {}};
    const QByteArray bytes = file.read(kMostBytes + 1);
    if (file.error() != QFileDevice::NoError)
        return Error{ErrorCode::Usage, "Nothing was run: standard input cannot be read.", {}};
    if (bytes.size() > kMostBytes)
        return refused("standard input holds more than 64 MiB.");
    texts.clear();
    for (qsizetype from = 0; from < bytes.size();) {
        const qsizetype end = bytes.indexOf('\n', from);
        const qsizetype to = end < 0 ? bytes.size() : end;
        if (texts.size() == kMostTexts)
            return refused("standard input holds more than 100,000 lines.");
        texts.push_back(bytes.mid(from, to - from).toStdString());
        if (texts.back().ends_with('\r'))
            texts.back().pop_back();
        from = to + 1;
    }
    return texts.empty() ? Status(refused("standard input is empty.")) : Status();
}

} // namespace

Status readTexts(std::vector<std::string> &texts)
{
    const bool fromInput = texts.size() == 1 && texts.front() == "-";
    if (fromInput) {
        if (const Status read = readLines(texts); !read)
            return read;
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string name = (fromInput ? "line " : "text ") + std::to_string(i + 1);
        if (texts[i].size() > kLongestText)
            return refused(name + " is longer than 4 MiB.");
        if (!isUtf8(texts[i]))
            return refused(name + " is not UTF-8.");
    }
    return {};
}

} // namespace tramontane::ctl
