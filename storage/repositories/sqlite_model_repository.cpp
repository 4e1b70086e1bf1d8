// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/sqlite_model_repository.h"

#include "storage/repositories/storable_text.h"

namespace tramontane {

namespace {

using sqlite::Connection;
using Settlements = VaultDatabase::Settlements;

ModelRef modelOf(const sqlite::Statement &row)
{
    ModelRef model;
    model.id = ModelId(row.uuid(0));
    model.path = row.text(1);
    ModelDescription &about = model.description;
    about.name = row.text(2);
    about.architecture = row.text(3);
    about.quantisation = row.text(4);
    about.licence = row.text(5);
    about.sha256 = row.text(6);
    about.kind = modelKindFromName(row.text(7)).value_or(ModelKind::Chat);
    about.fileBytes = row.integer(8);
    about.parameters = row.integer(9);
    about.contextLength = static_cast<int>(row.integer(10));
    about.layers = static_cast<int>(row.integer(11));
    about.embeddingLength = static_cast<int>(row.integer(12));
    about.vocabulary = static_cast<int>(row.integer(13));
    about.hasTemplate = row.integer(14) != 0;
    model.importedMs = row.integer(15);
    model.quarantine = row.text(16);
    return model;
}

Status writeModel(Connection &connection, const ModelRef &model)
{
    // REPLACE takes away the entry with the same path as well as the one with the same id.
    auto insert = connection.prepare("INSERT OR REPLACE INTO model VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    if (!insert)
        return insert.error();
    const std::string path = storableText(model.path);
    const ModelDescription &about = model.description;
    return insert
        ->bind(model.id, path, storableText(about.name), storableText(about.architecture),
               storableText(about.quantisation), storableText(about.licence), about.sha256, modelKindName(about.kind),
               about.fileBytes, about.parameters, about.contextLength, about.layers, about.embeddingLength,
               about.vocabulary, about.hasTemplate, model.importedMs, storableText(model.quarantine))
        .run();
}

Result<std::vector<ModelRef>> readModels(Connection &connection)
{
    auto select = connection.prepare("SELECT * FROM model ORDER BY name, path");
    if (!select)
        return select.error();
    std::vector<ModelRef> models;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return models;
        models.push_back(modelOf(*select));
    }
}

} // namespace

Async<void> SqliteModelRepository::store(ModelRef model)
{
    return m_database.write([model = std::move(model)](Connection &c) { return writeModel(c, model); },
                            VaultDatabase::OnFullDisk::Refuse);
}

Async<std::vector<ModelRef>> SqliteModelRepository::list()
{
    return m_database.read([](Connection &c, const Settlements &) { return readModels(c); });
}

Async<void> SqliteModelRepository::remove(ModelId id)
{
    return m_database.write([id](Connection &c) -> Status {
        auto remove = c.prepare("DELETE FROM model WHERE id = ?");
        if (!remove)
            return remove.error();
        if (auto done = remove->bind(id).run(); !done)
            return done;
        if (c.changes() == 0)
            return Error{ErrorCode::NotFound, "There is no such model in the catalogue.", id.text()};
        return {};
    });
}

Async<std::string> SqliteSettingRepository::read(std::string key)
{
    return m_database.read([key = std::move(key)](Connection &c, const Settlements &) -> Result<std::string> {
        auto select = c.prepare("SELECT value FROM setting WHERE key = ?");
        if (!select)
            return select.error();
        const auto row = select->bind(key).step();
        if (!row)
            return row.error();
        return *row ? std::string(select->text(0)) : std::string();
    });
}

Async<void> SqliteSettingRepository::write(std::string key, std::string value)
{
    return m_database.write([key = std::move(key), value = storableText(value)](Connection &c) -> Status {
        auto upsert = c.prepare("INSERT INTO setting (key, value) VALUES (?, ?) "
                                "ON CONFLICT (key) DO UPDATE SET value = excluded.value");
        if (!upsert)
            return upsert.error();
        return upsert->bind(key, value).run();
    });
}

} // namespace tramontane
