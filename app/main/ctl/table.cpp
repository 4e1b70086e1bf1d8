// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/table.h"

#include "app/core/clock.h"

#include <QLocale>
#include <QString>

#include <algorithm>

namespace tramontane::ctl {
namespace {

std::size_t width(const std::string &cell)
{
    return std::size_t(QString::fromStdString(cell).toUcs4().size());
}

std::string oneLine(std::string cell)
{
    std::replace(cell.begin(), cell.end(), '\n', ' ');
    return cell;
}

} // namespace

Table::Table(std::vector<std::string> head)
{
    m_rows.push_back(std::move(head));
}

void Table::add(std::vector<std::string> row)
{
    std::transform(row.begin(), row.end(), row.begin(), &oneLine);
    m_rows.push_back(std::move(row));
}

std::string Table::text() const
{
    if (m_rows.size() < 2)
        return {};
    std::vector<std::size_t> widths(m_rows.front().size());
    for (const auto &row : m_rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string out;
    for (const auto &row : m_rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += row[i] + std::string(widths[i] - width(row[i]) + 2, ' ');
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

std::string properties(const std::vector<std::pair<std::string, std::string>> &pairs)
{
    std::size_t widest = 0;
    for (const auto &[name, value] : pairs)
        widest = std::max(widest, width(name));
    std::string out;
    for (const auto &[name, value] : pairs) {
        if (!value.empty())
            out += name + std::string(widest - width(name) + 2, ' ') + oneLine(value) + "\n";
    }
    return out;
}

std::string fileSize(std::int64_t bytes)
{
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeIecFormat).toStdString();
}

std::string shortTime(std::int64_t utcMs)
{
    std::string time = rfc3339(utcMs).substr(0, 16);
    time[10] = ' ';
    return time;
}

} // namespace tramontane::ctl
