// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/secret_files.h"

#include <QFile>
#include <QtConcurrent>

namespace tramontane::ui {
namespace {

constexpr qint64 kLongest = 16 * 1024;
constexpr int kMostFiles = 2; // both halves of a key

Error noKeyFile()
{
    return {ErrorCode::InvalidArgument, "This is not a key of an organisation.", "too long, or too many files"};
}

Result<std::shared_ptr<SecretBytes>> readOne(const QString &path)
{
    QFile file(path);
    // Unbuffered: a buffer would keep a copy.
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return Error{ErrorCode::IoFailed, "The file cannot be read. Check that it is there and that you may read it.",
                     file.errorString().toStdString()};
    if (file.size() <= 0 || file.size() > kLongest)
        return noKeyFile();
    auto bytes = std::make_shared<SecretBytes>(std::size_t(file.size()));
    if (file.read(reinterpret_cast<char *>(bytes->data()), qint64(bytes->size())) != qint64(bytes->size()))
        return Error{ErrorCode::IoFailed, "The file could not be read to its end.", file.errorString().toStdString()};
    return bytes;
}

Result<SecretFiles> readAll(const QStringList &paths)
{
    if (paths.isEmpty() || paths.size() > kMostFiles)
        return noKeyFile();
    SecretFiles files;
    for (const QString &path : paths) {
        auto bytes = readOne(path);
        if (!bytes)
            return bytes.error();
        files.push_back(std::move(*bytes));
    }
    return files;
}

} // namespace

Async<SecretFiles> readSecretFiles(const QStringList &paths)
{
    return QtConcurrent::run([paths] { return readAll(paths); });
}

} // namespace tramontane::ui
