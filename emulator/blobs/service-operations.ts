import type { Operate } from './answer-parts.ts';
import type { XmlElement } from './xml.ts';

export const accountInformation: Operate = () => ({
  status: 200,
  headers: {
    'x-ms-sku-name': 'Standard_LRS',
    'x-ms-account-kind': 'StorageV2',
    'x-ms-is-hns-enabled': 'false',
  },
});

const OFF: readonly XmlElement[] = [['Enabled', false]];

/** All that can be switched on is off. */
export const serviceProperties: Operate = () => ({
  status: 200,
  xml: [
    'StorageServiceProperties',
    [
      [
        'Logging',
        [
          ['Version', '1.0'],
          ['Delete', false],
          ['Read', false],
          ['Write', false],
          ['RetentionPolicy', OFF],
        ],
      ],
      ['HourMetrics', [['Version', '1.0'], ...OFF, ['RetentionPolicy', OFF]]],
      ['MinuteMetrics', [['Version', '1.0'], ...OFF, ['RetentionPolicy', OFF]]],
      ['Cors', []],
      ['DeleteRetentionPolicy', OFF],
      ['StaticWebsite', OFF],
    ],
  ],
});
