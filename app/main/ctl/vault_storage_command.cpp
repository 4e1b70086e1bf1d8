// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/table.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

struct StorageInput {
    bool clean = false; // asked for, with or without names
    std::vector<std::string> names;
};

std::string_view describe(StoragePart part)
{
    switch (part) {
    case StoragePart::Messages: return "Messages";
    case StoragePart::MessageIndex: return "Search index";
    case StoragePart::Documents: return "Documents";
    case StoragePart::DocumentIndex: return "Index of documents";
    case StoragePart::Vectors: return "Vectors";
    case StoragePart::OtherTables: return "Settings, catalogue, keys";
    case StoragePart::FreePages: return "Free pages";
    case StoragePart::WriteAheadLog: return "Write-ahead log";
    case StoragePart::Attachments: return "Attachments";
    case StoragePart::Snapshots: return "Snapshots of models";
    case StoragePart::Backups: return "Copies of the database";
    case StoragePart::AuditLog: return "Audit log";
    case StoragePart::OtherFiles: return "Other files";
    }
    return {};
}

QString qt(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// Shows what takes space and what can go; with names, removes these first.
class VaultStorageCommand final : public VaultCommand {
public:
    VaultStorageCommand(Context &context, StorageInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    [[nodiscard]] Status prepare() override
    {
        for (const std::string &name : m_input.names) {
            const auto what = cleanUpFromName(name);
            if (!what)
                return Error{ErrorCode::Usage,
                             "\"" + name
                                 + "\" cannot be cleaned up. There is: snapshots, write-ahead-log, unfinished-files.",
                             {}};
            m_wanted.push_back(*what);
        }
        return {};
    }

    void run(Session &) override { cleanNext(0); }

private:
    void cleanNext(std::size_t index)
    {
        VaultStorage &storage = session().vault().storage();
        if (index == m_wanted.size())
            return whenReady(this, storage.report(), [this](const Result<StorageReport> &report) {
                if (!failed(report))
                    show(*report);
            });
        whenReady(this, storage.clean(m_wanted[index]), [this, index](const Result<CleanUpOffer> &freed) {
            if (failed(freed))
                return;
            m_freed.push_back(*freed);
            cleanNext(index + 1);
        });
    }

    static QJsonArray offersJson(const std::vector<CleanUpOffer> &offers)
    {
        QJsonArray all;
        for (const CleanUpOffer &offer : offers)
            all.append(QJsonObject{
                {"what", qt(cleanUpName(offer.what))}, {"bytes", qint64(offer.bytes)}, {"files", qint64(offer.files)}});
        return all;
    }

    static std::string offersText(const std::string &head, const std::vector<CleanUpOffer> &offers)
    {
        Table table({head, "SIZE", "FILES"});
        for (const CleanUpOffer &offer : offers)
            table.add(
                {std::string(cleanUpName(offer.what)), fileSize(qint64(offer.bytes)), std::to_string(offer.files)});
        return "\n" + table.text();
    }

    void show(const StorageReport &report)
    {
        QJsonArray parts;
        Table table({"WHAT", "SIZE", "COUNT"});
        for (const StorageUse &use : report.parts) {
            parts.append(QJsonObject{{"part", qt(storagePartName(use.part))},
                                     {"bytes", qint64(use.bytes)},
                                     {"count", use.count ? QJsonValue(qint64(*use.count)) : QJsonValue()}});
            if (use.bytes > 0)
                table.add({std::string(describe(use.part)), fileSize(qint64(use.bytes)),
                           use.count ? std::to_string(*use.count) : std::string()});
        }
        std::string shown = table.text() + "\n"
                            + properties({{"Together", fileSize(qint64(report.bytes))},
                                          {"Free on the disk", fileSize(qint64(report.freeOnDisk))}});
        if (!m_freed.empty())
            shown += offersText("REMOVED", m_freed);
        else if (m_input.clean)
            shown += offersText("CAN BE REMOVED", report.offers) + "\nNothing was removed. Name what is to go.\n";
        output().result({{"parts", parts},
                         {"bytes", qint64(report.bytes)},
                         {"free_on_disk", qint64(report.freeOnDisk)},
                         {"offers", offersJson(report.offers)},
                         {"removed", offersJson(m_freed)}},
                        shown);
        done();
    }

    StorageInput m_input;
    std::vector<CleanUp> m_wanted;
    std::vector<CleanUpOffer> m_freed;
};

} // namespace

void addVaultStorageCommand(CLI::App &vault, CommandFactory &chosen)
{
    const auto input = std::make_shared<StorageInput>();
    CLI::App *storage = vault.add_subcommand("storage", "What takes space, and what of it can go");
    CLI::Option *clean =
        storage
            ->add_option("--clean", input->names,
                         "Remove these: snapshots, write-ahead-log, unfinished-files; without a name, only "
                         "say what that would free")
            ->type_name("[WHAT …]")
            ->expected(0, 3);
    storage->callback([&chosen, input, clean] {
        input->clean = clean->count() > 0;
        std::erase_if(input->names, [](const std::string &name) { return name.empty() || name == "{}"; });
        chosen = [input](Context &context) { return std::make_unique<VaultStorageCommand>(context, *input); };
    });
}

} // namespace tramontane::ctl
