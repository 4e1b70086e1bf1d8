// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/platform/policy/managed_policy_files.h"

#include <QFileSystemWatcher>
#include <QTimer>

#include <functional>

namespace tramontane {

/// The machine policy, read when the object is made and again whenever files, folder or their rights change, also when
/// the folder appears later. changed() comes at most 5 s after a change, usually much sooner; without file notification
/// (too many watches) the folder is looked at every 3 s. Later readings happen off the owning thread.
class FilePolicySource final : public PolicySource {
    Q_OBJECT
public:
    /// What ManagedPolicyFiles::read() does: called in this thread at first, then in others, one call at a time.
    using Reader = std::function<ManagedPolicySources()>;

    /// Reads at once and blocks for that.
    explicit FilePolicySource(ManagedPolicyFiles files, QObject *parent = nullptr);
    /// `folder` is watched. A reading that throws (no memory) leaves the policy as it is and is tried again after 3 s;
    /// what the first one throws leaves this constructor. A running one may outlive the object.
    FilePolicySource(const std::filesystem::path &folder, Reader read, QObject *parent = nullptr);
    ~FilePolicySource() override;

    [[nodiscard]] const EffectivePolicy &current() const override { return m_current; }

private:
    void readSoon();
    void readNow();
    void take(Result<EffectivePolicy> policy);
    /// Watches what there is now; true when something is watched that was not before.
    bool watch();

    const QString m_folder;
    const Reader m_read; // used by one reading at a time
    EffectivePolicy m_current;
    QFileSystemWatcher m_watcher;
    QTimer m_debounce;
    QTimer m_poll; // only where the watcher or a reading fails
    bool m_reading = false;
    bool m_readAgain = false;
};

} // namespace tramontane
