// SPDX-License-Identifier: Apache-2.0
// The adapters of an attempt: read and judged before anything is stored, recorded before the model runs.
#include "app/services/attempt.h"
#include "app/services/audit_records.h"
#include "app/services/recording.h"

namespace tramontane {

/// One file after the other, each in a process of its own; after the last the attempt goes on.
void Attempt::readAdapters(std::size_t next)
{
    const std::vector<AdapterWish> &wishes = m_question.options.adapters;
    if (next == wishes.size()) {
        m_question.options.load.adapters = adapterFiles(m_adapters);
        return readConversation();
    }
    // Like a draft, an adapter is a file that is read all the same; unlike it, it never went through the catalogue.
    if (const auto decision = mayImportModel(m_policy); !decision.allowed)
        return refuse(decision);
    whenReady(this, m_chat.m_models.readAdapter(wishes[next].path),
              [this, next, scale = wishes[next].scale](const Result<ModelRef> &file) {
                  if (!file)
                      return fail(file.error());
                  if (const auto added = addAdapter(m_adapters, {*file, scale}, m_model.description); !added)
                      return fail(added.error());
                  if (const auto decision = mayUseModel(m_policy, file->description.sha256); !decision.allowed) {
                      m_model = *file; // the record names the file that was refused
                      return refuse(decision);
                  }
                  readAdapters(next + 1);
              });
}

/// Ahead of the attempt in the log's queue; when that one cannot be written, these cannot either.
void Attempt::recordAdapters()
{
    for (const AnswerAdapter &adapter : m_adapters) {
        AuditEvent event = records::adapterApplied(adapter.file.description, adapter.scale, m_policy);
        event.corr = m_id.text();
        (void)appendRecord(this, m_chat.m_vault, std::move(event));
    }
}

SnapshotConfiguration Attempt::snapshot() const
{
    return snapshotConfiguration(m_model.description.sha256, *m_loaded, adapterScales(m_adapters));
}

} // namespace tramontane
