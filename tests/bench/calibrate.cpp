// SPDX-License-Identifier: Apache-2.0
// Three figures of the machine, as JSON: a fixed loop, a small durable write, and the painting of a fixed scene. Each is the
// median of five, in milliseconds. usage: calibrate FOLDER (where the durable write is tried)
#include <QElapsedTimer>
#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <vector>

#include <unistd.h>

namespace {

constexpr int kRuns = 5;

double medianMs(const std::function<void()> &work)
{
    std::vector<double> times;
    for (int run = 0; run < kRuns; ++run) {
        QElapsedTimer timer;
        timer.start();
        work();
        times.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    std::nth_element(times.begin(), times.begin() + kRuns / 2, times.end());
    return times[kRuns / 2];
}

// xorshift64: a chain of dependent operations that no compiler shortens.
std::uint64_t fixedLoop()
{
    std::uint64_t value = 88172645463325252ULL;
    for (int i = 0; i < 100'000'000; ++i) {
        value ^= value << 13;
        value ^= value >> 7;
        value ^= value << 17;
    }
    return value;
}

void durableWrite(const QString &folder)
{
    QFile file(folder + QStringLiteral("/calibrate.tmp"));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        qFatal("calibrate: the folder cannot be written to");
    file.write(QByteArray(4096, 'x'));
    file.flush();
    if (::fsync(file.handle()) != 0)
        qFatal("calibrate: fsync failed");
    file.remove();
}

// A page as the window shows it: ground, rounded cards, 60 lines of text.
void paintScene(QImage &image)
{
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(image.rect(), QColor(0xF4, 0xF4, 0xF1));
    QFont font(QStringLiteral("Inter"));
    font.setPixelSize(14);
    painter.setFont(font);
    for (int row = 0; row < 60; ++row) {
        QPainterPath card;
        card.addRoundedRect(QRectF(20 + (row % 3) * 410, 10 + (row / 3) * 38, 400, 34), 10, 10);
        painter.fillPath(card, Qt::white);
        painter.setPen(QColor(0x1A, 0x1D, 0x1E));
        painter.drawText(QPointF(32 + (row % 3) * 410, 32 + (row / 3) * 38),
                         QStringLiteral("Line %1: the quick brown fox jumps over the lazy dog").arg(row));
    }
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication application(argc, argv);
    if (argc != 2) {
        std::fputs("usage: calibrate FOLDER\n", stderr);
        return 2;
    }
    volatile std::uint64_t sink = 0;
    const double loop = medianMs([&sink] { sink = fixedLoop(); });
    const double sync = medianMs([folder = QString::fromLocal8Bit(argv[1])] { durableWrite(folder); });
    QImage image(1280, 800, QImage::Format_ARGB32_Premultiplied);
    paintScene(image); // fonts are read once
    const double paint = medianMs([&image] { paintScene(image); });
    std::printf("{\"cpu_loop_ms\": %.3f, \"fsync_ms\": %.3f, \"paint_ms\": %.3f}\n", loop, sync, paint);
    return 0;
}
