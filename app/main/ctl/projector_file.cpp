// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/projector_file.h"

#include "app/main/ctl/model_folders.h"

#include <QDir>
#include <QFileInfo>

namespace tramontane::ctl {

QStringList projectorsBeside(const std::string &modelPath)
{
    const QDir folder = QFileInfo(QString::fromStdString(modelPath)).absoluteDir();
    QStringList found;
    for (const QFileInfo &file : folder.entryInfoList({"mmproj-*.gguf", "mmproj.gguf"}, QDir::Files, QDir::Name))
        found.append(file.absoluteFilePath());
    return found;
}

Result<std::string> projectorFor(const std::string &named, const std::string &modelPath, const QStringList &folders)
{
    if (!named.empty())
        return inModelFolders(named, folders);
    const QStringList found = projectorsBeside(modelPath);
    if (found.size() == 1)
        return found.front().toStdString();
    const std::string what = found.isEmpty() ? "no projector (mmproj-….gguf) lies beside it"
                                             : "several projectors (mmproj-….gguf) lie beside it";
    return Error{ErrorCode::ModelNotFound,
                 "Not sent: this model cannot see the image: " + what + ". Name one with --projector FILE.",
                 "projectors beside the model: " + std::to_string(found.size())};
}

} // namespace tramontane::ctl
