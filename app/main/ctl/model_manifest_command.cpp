// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/table.h"
#include "inference/catalog/manifest.h"

#include <CLI/CLI.hpp>
#include <QFile>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

constexpr qint64 kLongestManifest = 8 * 1024 * 1024; // what is read; the format sets a lower limit itself

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

Result<std::string> read(const std::string &path)
{
    QFile file(text(path));
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::NotFound, "The list of models cannot be read. Check the path and its rights.",
                     file.errorString().toStdString()};
    return file.read(kLongestManifest).toStdString();
}

class ManifestVerifyCommand final : public Command {
public:
    ManifestVerifyCommand(Context &context, std::string file) : Command(context), m_file(std::move(file)) {}

    void start() override
    {
        const auto content = read(m_file);
        if (!content)
            return finish(content.error());
        const auto keys = context().parts.policy().current().list("models.manifestKeys");
        if (keys.empty()) {
            return finish(Error{ErrorCode::UnknownSigner,
                                "No key for lists of models is known: your administrator has named none "
                                "(models.manifestKeys).",
                                {}});
        }
        const auto manifest = catalog::verifyManifest(*content, keys);
        if (!manifest)
            return finish(manifest.error());
        show(*manifest);
        finish();
    }

private:
    void show(const catalog::Manifest &manifest)
    {
        QJsonArray items;
        Table table({"NAME", "LICENCE", "SIZE", "SHA-256", "NOTE"});
        for (const catalog::ManifestEntry &model : manifest.models) {
            items.append(QJsonObject{{"sha256", text(model.sha256)},
                                     {"bytes", qint64(model.bytes)},
                                     {"name", text(model.name)},
                                     {"licence", text(model.licence)},
                                     {"note", text(model.note)}});
            table.add({model.name, model.licence, fileSize(model.bytes), model.sha256.substr(0, 12), model.note});
        }
        output().result({{"publisher", text(manifest.publisher)},
                         {"issued", text(manifest.issued)},
                         {"key", text(manifest.keyId)},
                         {"models", items}},
                        "Signed with the key " + manifest.keyId + " by " + manifest.publisher + ", " + manifest.issued
                            + ".\n" + table.text());
    }

    std::string m_file;
};

} // namespace

void addModelManifestCommands(CLI::App &model, CommandFactory &chosen)
{
    CLI::App *manifest = model.add_subcommand("manifest", "Signed lists of model files");
    manifest->require_subcommand(1);
    const auto file = std::make_shared<std::string>();
    CLI::App *verify = manifest->add_subcommand("verify", "Check a list with the keys that policy names");
    verify->add_option("FILE", *file, "The list")->required();
    verify->callback([&chosen, file] {
        chosen = [file](Context &context) { return std::make_unique<ManifestVerifyCommand>(context, *file); };
    });
}

} // namespace tramontane::ctl
