// SPDX-License-Identifier: Apache-2.0
#include "app/audit/event_list.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QTest>

#include <set>

using namespace tramontane::audit;

class TestEventList : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isTheFile();
    void namesAreUniqueAndPlain();
    void findsByExactName();
    void knowsWhatOpensAndClosesAnAttempt();
};

void TestEventList::isTheFile()
{
    QFile file(TRAMONTANE_SOURCE_DIR "/resources/formats/audit-events.json");
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto json = nlohmann::json::parse(file.readAll().toStdString());
    const auto &events = json.at("events");
    QVERIFY(events.size() >= 79);
    QCOMPARE(eventTypes().size(), events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        const EventType &type = eventTypes()[i];
        QCOMPARE(std::string(type.name), events[i].at("name").get<std::string>());
        QCOMPARE(std::string(type.group), events[i].at("group").get<std::string>());
        QCOMPARE(type.ocsfClass, events[i].at("ocsf_class").get<int>());
        QCOMPARE(type.severity, events[i].at("severity").get<int>());
        QVERIFY(!events[i].at("meaning").get<std::string>().empty());
    }
}

void TestEventList::namesAreUniqueAndPlain()
{
    std::set<std::string_view> names;
    for (const EventType &type : eventTypes()) {
        QVERIFY2(names.insert(type.name).second, type.name.data());
        QVERIFY(type.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz._") == std::string_view::npos);
        QVERIFY(type.severity >= 1 && type.severity <= 5);
        QVERIFY(type.ocsfClass >= 1001 && type.ocsfClass <= 6999);
    }
}

void TestEventList::findsByExactName()
{
    QVERIFY(findEventType("gen_ai.request.attempted"));
    QCOMPARE(findEventType("audit.failure")->severity, 5);
    QVERIFY(!findEventType("gen_ai.request"));
    QVERIFY(!findEventType(""));
    QVERIFY(!findEventType("GEN_AI.REQUEST.ATTEMPTED"));
}

void TestEventList::knowsWhatOpensAndClosesAnAttempt()
{
    QVERIFY(opensAttempt("gen_ai.request.attempted"));
    for (const char *name :
         {"gen_ai.request.completed", "gen_ai.request.failed", "gen_ai.request.cancelled", "gen_ai.request.denied"}) {
        QVERIFY(closesAttempt(name));
        QVERIFY(!opensAttempt(name));
        QVERIFY(findEventType(name));
    }
    QVERIFY(!closesAttempt("gen_ai.request.attempted"));
    QVERIFY(!closesAttempt("model.loaded"));
}

QTEST_GUILESS_MAIN(TestEventList)
#include "tst_event_list.moc"
