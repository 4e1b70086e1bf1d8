// SPDX-License-Identifier: Apache-2.0
#include "ui/models/model_picker_model.h"

#include "app/contracts/when_ready.h"
#include "ui/style/numbers.h"

#include <algorithm>

namespace tramontane::ui {

bool isRefused(const ModelStatus &status)
{
    return status.state == ModelLoadState::Failed && status.error && status.error->code == ErrorCode::PolicyDenied;
}

QString modelStateText(const ModelStatus &status)
{
    switch (status.state) {
    case ModelLoadState::Ready: return ModelPickerModel::tr("Ready");
    case ModelLoadState::Loading:
        return ModelPickerModel::tr("Loading, %1 %").arg(QLocale().toString(int(status.progress * 100)));
    case ModelLoadState::Failed:
        return isRefused(status) ? ModelPickerModel::tr("Not allowed by policy")
                                 : ModelPickerModel::tr("Could not be loaded");
    case ModelLoadState::Unloaded: break;
    }
    return ModelPickerModel::tr("Not loaded");
}

QString modelName(const ModelDescription &description)
{
    QString name = QString::fromStdString(description.name);
    if (name.endsWith(QStringLiteral(".gguf"), Qt::CaseInsensitive))
        name.chop(5);
    return name.isEmpty() ? ModelPickerModel::tr("Model without a name") : name;
}

QString shortDevice(const LoadedModel &loaded)
{
    if (loaded.layersOnDevice > 0)
        return ModelPickerModel::tr("GPU %1/%2").arg(loaded.layersOnDevice).arg(loaded.layersTotal);
    return QString::fromStdString(loaded.device).section(QLatin1Char(','), 0, 0);
}

ModelPickerModel::ModelPickerModel(ModelService &models, QObject *parent) : QAbstractListModel(parent), m_models(models)
{
    connect(&models, &ModelService::modelsChanged, this, &ModelPickerModel::refresh);
    refresh();
}

void ModelPickerModel::start()
{
    const auto model = m_models.defaultModel(ModelKind::Chat);
    if (!model)
        return;
    m_current = model->id;
    refresh();
    loadCurrent();
}

void ModelPickerModel::select(ModelId id)
{
    if (std::none_of(m_rows.begin(), m_rows.end(), [&](const ModelStatus &row) { return row.model.id == id; }))
        return;
    m_current = id;
    m_models.setDefaultModel(id);
    refresh();
    loadCurrent();
}

void ModelPickerModel::loadCurrent()
{
    // The outcome comes back as a state of the model; nothing more is to be done with the future.
    if (!m_current.isNull())
        whenReady(this, m_models.load(m_current), [this](const Result<LoadedModel> &) { refresh(); });
}

void ModelPickerModel::importFile(const QString &path)
{
    if (m_importing)
        return;
    m_importing = true;
    Q_EMIT currentChanged();
    whenReady(this, m_models.importFile(path.toStdString()), [this](const Result<ModelRef> &result) {
        m_importing = false;
        refresh();
        if (!result)
            Q_EMIT importFailed(result.error());
        else if (result->description.kind == ModelKind::Chat)
            select(result->id);
        else
            Q_EMIT importFailed({ErrorCode::ModelUnsupported,
                                 tr("This model was added. It finds passages and cannot chat.").toStdString(),
                                 {}});
    });
}

const ModelStatus *ModelPickerModel::currentStatus() const
{
    const int row = currentRow();
    return row < 0 ? nullptr : &m_rows[std::size_t(row)];
}

int ModelPickerModel::currentRow() const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [this](const ModelStatus &row) { return row.model.id == m_current; });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

ModelId ModelPickerModel::modelAt(int row) const
{
    return row >= 0 && row < int(m_rows.size()) ? m_rows[std::size_t(row)].model.id : ModelId{};
}

void ModelPickerModel::refresh()
{
    std::vector<ModelStatus> rows = m_models.models();
    std::erase_if(rows, [](const ModelStatus &row) { return row.model.description.kind != ModelKind::Chat; });
    const bool sameModels = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                       [](const auto &a, const auto &b) { return a.model.id == b.model.id; });
    if (sameModels) {
        m_rows = std::move(rows);
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1));
    } else {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
    }
    Q_EMIT currentChanged();
}

int ModelPickerModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant ModelPickerModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ModelStatus &row = m_rows[std::size_t(index.row())];
    const ModelDescription &description = row.model.description;
    switch (role) {
    case Qt::DisplayRole: return modelName(description);
    case DetailRole:
        if (row.state == ModelLoadState::Failed && row.error)
            return QString::fromStdString(row.error->message);
        return tr("%1 · %2 · %3", "quantisation, file size, state")
            .arg(QString::fromStdString(description.quantisation), formatBytes(description.fileBytes, QLocale()),
                 modelStateText(row));
    case StateRole: return int(row.state);
    case RefusedRole: return isRefused(row);
    case ProgressRole: return row.progress;
    case CurrentRole: return row.model.id == m_current;
    case Qt::AccessibleTextRole: return tr("%1, %2").arg(modelName(description), modelStateText(row));
    case Qt::ToolTipRole: return QString::fromStdString(row.model.path);
    default: return {};
    }
}

} // namespace tramontane::ui
