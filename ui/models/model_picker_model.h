// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/model_service.h"

#include <QAbstractListModel>

namespace tramontane::ui {

/// The chat models of the catalogue and which one answers. Lives in the GUI thread.
class ModelPickerModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        DetailRole = Qt::UserRole, // "Q4_1 · 92 MB", or what went wrong
        StateRole,                 // int(ModelLoadState)
        ProgressRole,              // 0-1 while loading
        CurrentRole,               // bool
        RefusedRole,               // bool: policy does not allow it
    };

    explicit ModelPickerModel(ModelService &models, QObject *parent = nullptr);

    /// Takes the default model as the current one and loads it. Without any model there is none.
    void start();
    /// Makes this model the one that answers and the default, and loads it. Unknown ids are ignored.
    void select(ModelId id);
    /// Loads the current model again, after a failure.
    void loadCurrent();
    /// Takes a file into the catalogue and selects it. Failures are told by importFailed(); one file at a time.
    void importFile(const QString &path);
    [[nodiscard]] bool importing() const { return m_importing; }

    [[nodiscard]] ModelId current() const { return m_current; }
    /// Null when there is none.
    [[nodiscard]] const ModelStatus *currentStatus() const;
    [[nodiscard]] ModelId modelAt(int row) const;
    [[nodiscard]] int currentRow() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

Q_SIGNALS:
    /// Another model, or another state of the current one.
    void currentChanged();
    void importFailed(const tramontane::Error &error);

private:
    void refresh();

    ModelService &m_models;
    std::vector<ModelStatus> m_rows;
    ModelId m_current;
    bool m_importing = false;
};

/// Policy does not allow this model: a rule, not a fault.
[[nodiscard]] bool isRefused(const ModelStatus &status);
/// "Ready", "Loading 40 %", "Not loaded", "Could not be loaded".
[[nodiscard]] QString modelStateText(const ModelStatus &status);
/// The name without the ending of a file and with spaces, e.g. "SmolLM2 135M Instruct".
[[nodiscard]] QString modelName(const ModelDescription &description);
/// "CPU" or "GPU 49/49": where a loaded model runs; empty when it is not loaded.
[[nodiscard]] QString shortDevice(const LoadedModel &loaded);

} // namespace tramontane::ui
