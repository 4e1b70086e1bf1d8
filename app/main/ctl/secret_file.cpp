// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/secret_file.h"

#include "app/platform/files/durable_file.h"

#include <QString>

#include <filesystem>

namespace tramontane::ctl {
namespace {

std::filesystem::path pathOf(const std::string &utf8)
{
    return {QString::fromStdString(utf8).toStdU16String()};
}

} // namespace

Status writeSecretFile(const std::string &path, const SecretBytes &text)
{
    return files::createFile(pathOf(path), {reinterpret_cast<const char *>(text.data()), text.size()});
}

void removeSecretFile(const std::string &path)
{
    std::error_code ignored;
    std::filesystem::remove(pathOf(path), ignored);
}

} // namespace tramontane::ctl
