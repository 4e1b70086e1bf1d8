// SPDX-License-Identifier: Apache-2.0
#include "inference/client/state_requests.h"

#include <QSignalSpy>
#include <QTest>

using namespace tramontane;
using protocol::Payload;

namespace {

/// Keeps what comes; answers each piece when told to.
class Sink final : public StateSink {
public:
    bool begin(std::vector<std::int32_t> tokens, std::uint64_t bytes) override
    {
        m_tokens = std::move(tokens);
        m_announced = bytes;
        return wanted;
    }
    Async<bool> take(std::string piece) override
    {
        m_bytes += piece;
        ++pieces;
        waiting.emplace_back();
        const auto future = waiting.back().future();
        if (!slow)
            waiting.back().resolve(wanted);
        return future;
    }

    bool wanted = true;
    bool slow = false;
    int pieces = 0;
    std::vector<Deferred<bool>> waiting;
    std::vector<std::int32_t> m_tokens;
    std::uint64_t m_announced = 0;
    std::string m_bytes;
};

class Source final : public StateSource {
public:
    explicit Source(std::string bytes) : m_bytes(std::move(bytes)) {}
    Async<std::string> next() override
    {
        ++asked;
        if (problem)
            return ready<std::string>(*problem);
        std::string piece = m_bytes.substr(0, kMaxStatePiece);
        m_bytes.erase(0, piece.size());
        return ready<std::string>(std::move(piece));
    }

    int asked = 0;
    std::optional<Error> problem;

private:
    std::string m_bytes;
};

std::string someBytes(std::size_t count)
{
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i)
        bytes.push_back(char(i * 31 + i / 777));
    return bytes;
}

} // namespace

class TestStateRequests : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_said.clear(); }
    void queriesAreAnswered();
    void aStateIsHandedOver();
    void aSlowSinkHoldsTheWorkerBack();
    void whatIsNotWantedIsDropped();
    void brokenStates();
    void aStateIsSent();
    void aSourceThatGivesUp();
    void aRefusedState();
    void creditForNothing();

private:
    void pushAll(SaveStateRequest &request, const std::string &bytes);

    std::vector<Payload> m_said;
    WorkerRequest::Reply m_reply = [this](const Payload &message) { m_said.push_back(message); };
    QObject m_context;
};

void TestStateRequests::queriesAreAnswered()
{
    StateQuery query(protocol::FindState{"c"});
    QVERIFY(std::holds_alternative<protocol::FindState>(query.begin()));
    QVERIFY(*query.receive(protocol::Restored{7}, m_reply));
    QCOMPARE(*query.answer().result(), 7);
    StateQuery refused(protocol::ForgetState{"c"});
    QVERIFY(*refused.receive(protocol::Failure{{ErrorCode::ModelUnsupported, "No.", {}}}, m_reply));
    QCOMPARE(refused.answer().result().error().code, ErrorCode::ModelUnsupported);
    StateQuery strange(protocol::FindState{"c"});
    QCOMPARE(strange.receive(protocol::Restored{-1}, m_reply).error().code, ErrorCode::EngineProtocol);
    QCOMPARE(strange.receive(protocol::Text{"x"}, m_reply).error().code, ErrorCode::EngineProtocol);
}

/// As a worker sends it: never more than its credit.
void TestStateRequests::pushAll(SaveStateRequest &request, const std::string &bytes)
{
    protocol::BulkSender sender(bytes);
    std::size_t heard = 0;
    while (!sender.finished()) {
        if (auto piece = sender.next()) {
            const auto ended = request.receive(*piece, m_reply);
            QVERIFY(ended.ok());
            QCOMPARE(*ended, sender.finished());
            continue;
        }
        QTRY_VERIFY(m_said.size() > heard);
        QVERIFY(sender.addCredit(std::get<protocol::Credit>(m_said[heard++])).ok());
    }
}

void TestStateRequests::aStateIsHandedOver()
{
    const auto sink = std::make_shared<Sink>();
    const auto request = std::make_shared<SaveStateRequest>(protocol::SaveState{"c"}, sink, &m_context);
    QCOMPARE(std::get<protocol::SaveState>(request->begin()).conversation, std::string("c"));
    const std::string bytes = someBytes(3'000'001);
    QVERIFY(!*request->receive(protocol::State{{4, 5, 6}, bytes.size()}, m_reply));
    pushAll(*request, bytes);
    QTRY_VERIFY(request->answer().isFinished());
    QVERIFY(request->answer().result().ok());
    QCOMPARE(sink->m_tokens, (std::vector<std::int32_t>{4, 5, 6}));
    QCOMPARE(sink->m_announced, std::uint64_t(bytes.size()));
    QVERIFY(sink->m_bytes == bytes);
}

void TestStateRequests::aSlowSinkHoldsTheWorkerBack()
{
    const auto sink = std::make_shared<Sink>();
    sink->slow = true;
    const auto request = std::make_shared<SaveStateRequest>(protocol::SaveState{"c"}, sink, &m_context);
    const std::string bytes = someBytes(2 * protocol::kBulkWindow);
    QVERIFY(!*request->receive(protocol::State{{4}, bytes.size()}, m_reply));
    protocol::BulkSender sender(bytes);
    while (auto piece = sender.next())
        QVERIFY(request->receive(*piece, m_reply).ok());
    QTest::qWait(50);
    QCOMPARE(sink->pieces, 1); // one at a time
    QVERIFY(m_said.empty());   // and no credit before the sink has all
    for (std::size_t i = 0; i < 4; ++i) {
        QTRY_COMPARE(sink->waiting.size(), i + 1);
        sink->waiting[i].resolve(true);
    }
    QTRY_COMPARE(m_said.size(), std::size_t(1));
    QCOMPARE(std::get<protocol::Credit>(m_said[0]).bytes, protocol::kBulkWindow);
}

void TestStateRequests::whatIsNotWantedIsDropped()
{
    for (const bool fromTheBeginning : {true, false}) {
        m_said.clear();
        const auto sink = std::make_shared<Sink>();
        sink->wanted = !fromTheBeginning;
        const auto request = std::make_shared<SaveStateRequest>(protocol::SaveState{"c"}, sink, &m_context);
        const std::string bytes = someBytes(3'000'000);
        QVERIFY(!*request->receive(protocol::State{{4}, bytes.size()}, m_reply));
        sink->wanted = false;
        pushAll(*request, bytes);
        QTRY_VERIFY(request->answer().isFinished());
        QCOMPARE(request->answer().result().error().code, ErrorCode::Cancelled);
        QCOMPARE(sink->pieces, fromTheBeginning ? 0 : 1);
    }
}

void TestStateRequests::brokenStates()
{
    const auto sink = std::make_shared<Sink>();
    const auto fresh = [&] { return std::make_shared<SaveStateRequest>(protocol::SaveState{"c"}, sink, &m_context); };
    const auto refuses = [&](SaveStateRequest &request, const Payload &message) {
        const auto ended = request.receive(message, m_reply);
        return !ended && ended.error().code == ErrorCode::EngineProtocol;
    };
    QVERIFY(refuses(*fresh(), protocol::State{{}, 10}));
    QVERIFY(refuses(*fresh(), protocol::State{{1}, 0}));
    QVERIFY(refuses(*fresh(), protocol::State{{1}, protocol::kMaxStateBytes + 1}));
    QVERIFY(refuses(*fresh(), protocol::Bulk{0, true, "abc"})); // before its size is known
    QVERIFY(refuses(*fresh(), protocol::Restored{1}));
    const auto begun = [&] {
        auto request = fresh();
        (void)request->receive(protocol::State{{1}, 10}, m_reply);
        return request;
    };
    QVERIFY(refuses(*begun(), protocol::State{{1}, 10})); // twice
    QVERIFY(refuses(*begun(), protocol::Bulk{0, false, ""}));
    QVERIFY(refuses(*begun(), protocol::Bulk{0, true, "short"}));
    QVERIFY(refuses(*begun(), protocol::Bulk{0, true, "longer than it should be"}));
    QVERIFY(refuses(*begun(), protocol::Bulk{1, true, "0123456789"}));
}

void TestStateRequests::aStateIsSent()
{
    const std::string bytes = someBytes(3'000'001);
    const auto source = std::make_shared<Source>(bytes);
    const auto request =
        std::make_shared<RestoreStateRequest>(protocol::RestoreState{"c", {{4, 5}, bytes.size()}}, source, &m_context);
    QCOMPARE(std::get<protocol::RestoreState>(request->begin()).state.bytes, std::uint64_t(bytes.size()));
    request->begun(m_reply);
    QTRY_COMPARE(m_said.size(), std::size_t(4)); // the window is full
    QTest::qWait(50);
    QCOMPARE(m_said.size(), std::size_t(4));
    QCOMPARE(source->asked, 4);
    protocol::BulkReceiver receiver(bytes.size());
    std::string got;
    std::size_t heard = 0;
    while (!receiver.complete()) {
        QTRY_VERIFY(m_said.size() > heard);
        QVERIFY(receiver.accept(std::get<protocol::Bulk>(m_said[heard++])).ok());
        got += receiver.take();
        if (const auto credit = receiver.grant(); credit && !receiver.complete())
            QVERIFY(!*request->receive(*credit, m_reply));
    }
    QVERIFY(got == bytes);
    QVERIFY(*request->receive(protocol::Restored{2}, m_reply));
    QCOMPARE(*request->answer().result(), 2);
}

void TestStateRequests::aSourceThatGivesUp()
{
    const auto source = std::make_shared<Source>(someBytes(1000));
    const auto request =
        std::make_shared<RestoreStateRequest>(protocol::RestoreState{"c", {{4}, 2000}}, source, &m_context);
    request->begun(m_reply);
    QTRY_COMPARE(m_said.size(), std::size_t(2)); // the source had less than it said
    QVERIFY(std::holds_alternative<protocol::Cancel>(m_said[1]));
    QVERIFY(*request->receive(protocol::Done{MessageState::Stopped, "cancelled"}, m_reply));
    QCOMPARE(request->answer().result().error().code, ErrorCode::Internal);

    m_said.clear();
    source->problem = Error{ErrorCode::IoFailed, "Spoiled.", {}};
    const auto other =
        std::make_shared<RestoreStateRequest>(protocol::RestoreState{"c", {{4}, 2000}}, source, &m_context);
    other->begun(m_reply);
    QTRY_COMPARE(m_said.size(), std::size_t(1));
    QVERIFY(std::holds_alternative<protocol::Cancel>(m_said[0]));
    QVERIFY(*other->receive(protocol::Done{MessageState::Stopped, "cancelled"}, m_reply));
    QCOMPARE(other->answer().result().error().code, ErrorCode::IoFailed);
}

void TestStateRequests::aRefusedState()
{
    const std::string bytes = someBytes(3'000'000);
    const auto source = std::make_shared<Source>(bytes);
    const auto request =
        std::make_shared<RestoreStateRequest>(protocol::RestoreState{"c", {{4}, bytes.size()}}, source, &m_context);
    request->begun(m_reply);
    QVERIFY(*request->receive(protocol::Failure{{ErrorCode::ContextFull, "Too long.", {}}}, m_reply));
    QCOMPARE(request->answer().result().error().code, ErrorCode::ContextFull);
    QTest::qWait(50);
    QCOMPARE(source->asked, 1); // nothing more is sent
}

void TestStateRequests::creditForNothing()
{
    const auto source = std::make_shared<Source>(someBytes(1000));
    const auto request =
        std::make_shared<RestoreStateRequest>(protocol::RestoreState{"c", {{4}, 1000}}, source, &m_context);
    QCOMPARE(request->receive(protocol::Credit{1}, m_reply).error().code, ErrorCode::EngineProtocol);
}

QTEST_GUILESS_MAIN(TestStateRequests)
#include "tst_state_requests.moc"
