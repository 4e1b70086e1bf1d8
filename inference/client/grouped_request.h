// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "inference/client/local_model.h"
#include "inference/client/text_groups.h"
#include "inference/client/worker_errors.h"

#include <QPointer>
#include <QPromise>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tramontane {

/// Sends group after group of texts and keeps what has come of them; alive as long as a request refers to it.
template <class Row>
struct GroupedJob {
    using Rows = std::vector<Row>;
    using Taken = std::function<void(Result<Rows>)>;
    /// The request for one group, whose first text has this number.
    using Ask = std::function<std::shared_ptr<WorkerRequest>(std::vector<std::string> group, int first, Taken taken)>;

    QPointer<LocalModel> model;
    Ask ask;
    std::vector<std::vector<std::string>> groups;
    std::size_t next = 0;
    Rows rows;
    QPromise<Result<Rows>> promise;

    void end(Result<Rows> result)
    {
        promise.addResult(std::move(result));
        promise.finish();
    }
};

template <class Row>
void sendNext(const std::shared_ptr<GroupedJob<Row>> &job)
{
    if (job->next == job->groups.size())
        return job->end(std::move(job->rows));
    if (!job->model || !job->model->wanted())
        return job->end(worker_errors::unloaded());
    auto taken = [job](Result<std::vector<Row>> rows) {
        if (!rows)
            return job->end(rows.error());
        std::move(rows->begin(), rows->end(), std::back_inserter(job->rows));
        sendNext(job);
    };
    const int first = static_cast<int>(job->rows.size());
    job->model->requests().add(job->ask(std::move(job->groups[job->next++]), first, std::move(taken)));
}

/// Asks `model` about the texts, a group at a time, so that answers and other texts get their turn in between. The rows
/// of all groups in the order of the texts, or the first error. The thread that owns `model`.
template <class Row>
[[nodiscard]] Async<std::vector<Row>> sendInGroups(LocalModel &model, std::vector<std::string> texts,
                                                   typename GroupedJob<Row>::Ask ask)
{
    const auto job = std::make_shared<GroupedJob<Row>>();
    job->model = &model;
    job->ask = std::move(ask);
    job->groups = textGroups(std::move(texts));
    job->promise.start();
    Async<std::vector<Row>> future = job->promise.future();
    sendNext(job);
    return future;
}

} // namespace tramontane
